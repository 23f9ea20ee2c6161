// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.model.Exchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happens in one turn, attempt by attempt; the last attempt is what happens in all later ones.
 * Guarded by the lock of its {@link ScriptBook}.
 */
final class Turn {
  /** Of how many agents' turns the attempts are counted; the oldest begin anew. */
  private static final int MAX_COUNTED = 100_000;

  private final List<Attempt> attempts = new ArrayList<>();
  private final Map<Place, Integer> counts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Integer> eldest) {
          return size() > MAX_COUNTED;
        }
      };

  private record Place(AgentId agent, AgentPhase phase, int turn) {}

  /**
   * One attempt.
   *
   * @param holds what holds it up, in order
   * @param reply how it ends; null if nothing is scripted after what holds it up
   */
  record Attempt(List<ModelFault> holds, @Nullable ReplyScript reply) {
    Attempt {
      holds = List.copyOf(holds);
    }
  }

  void hold(ModelFault fault) {
    Attempt last = open();
    List<ModelFault> holds = new ArrayList<>(last.holds());
    holds.add(fault);
    attempts.set(attempts.size() - 1, new Attempt(holds, null));
  }

  void end(ReplyScript reply) {
    Attempt last = open();
    attempts.set(attempts.size() - 1, new Attempt(last.holds(), reply));
  }

  void nextAttempt() {
    attempts.add(new Attempt(List.of(), null));
  }

  /** The last attempt if it can go on, else a new one. */
  private Attempt open() {
    if (attempts.isEmpty() || attempts.get(attempts.size() - 1).reply() != null) {
      nextAttempt();
    }
    return attempts.get(attempts.size() - 1);
  }

  Attempt next(Exchange exchange) {
    int number = 1;
    if (attempts.size() > 1) {
      var place = new Place(exchange.agent(), exchange.phase(), exchange.turn());
      number = counts.merge(place, 1, Integer::sum);
    }
    return attempts.get(Math.min(number, attempts.size()) - 1);
  }
}
