// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.internal.calls.Breaker;
import io.agentgovernance.internal.calls.ModelRoute;
import io.agentgovernance.internal.calls.ModelRouter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Brings model routes back to the state a run last saw them in, if nobody has used them since. */
final class Circuits {
  /** What a run last saw of a route. */
  private record Seen(Breaker.State state, int openings, Instant at) {}

  private Circuits() {}

  static void restore(@Nullable ModelRouter router, Past past) {
    if (router == null) {
      return;
    }
    Map<String, Seen> seen = new HashMap<>();
    for (Change change : past.changes()) {
      if (change.command() instanceof Command.Note note
          && note.type().equals(EventTypes.CIRCUIT_STATE)) {
        String route = Past.text(note.data(), "/model");
        Breaker.State to = state(Past.text(note.data(), "/to"));
        Seen before = seen.get(route);
        int openings = before == null ? 0 : before.openings();
        openings =
            switch (to) {
              case CLOSED -> 0;
              case OPEN -> openings + 1;
              case HALF_OPEN -> openings;
            };
        seen.put(route, new Seen(to, openings, change.at()));
      }
    }
    for (ModelRoute route : router.routes()) {
      Seen last = seen.get(route.uri());
      if (last != null && last.state() != Breaker.State.CLOSED) {
        route.breaker().goOnFrom(last.state(), Math.max(1, last.openings()), last.at());
      }
    }
  }

  private static Breaker.State state(String name) {
    for (Breaker.State state : Breaker.State.values()) {
      if (state.name().equals(name)) {
        return state;
      }
    }
    return Breaker.State.CLOSED;
  }
}
