// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Routes that behave as a test wants. */
final class ScriptedRoutes {
  private final HandTime time;

  ScriptedRoutes(HandTime time) {
    this.time = time;
  }

  ModelRoute failing(String uri, Kind kind) {
    return of(
        uri,
        (request, exchange) -> {
          throw error(kind);
        });
  }

  /** A route that gives these replies and errors, one each time. */
  ModelRoute scripted(String uri, Object... outcomes) {
    Deque<List<Object>> script = new ArrayDeque<>();
    Arrays.stream(outcomes).map(o -> Arrays.asList(o)).forEach(script::add);
    return of(
        uri,
        (request, exchange) -> {
          Object outcome = script.remove().get(0);
          if (outcome instanceof Throwable thrown) {
            throw PolicyChainTest.sneaky(thrown);
          }
          return (ChatReply) outcome;
        });
  }

  ModelRoute of(String uri, ChatModel model) {
    return ModelRoute.of(uri, "m", model, new Breaker(uri, time));
  }

  static void trip(ModelRoute route) {
    for (int i = 0; i < 5; i++) {
      route.breaker().tryAcquire().orElseThrow().failure(error(Kind.UNAVAILABLE));
    }
  }

  static ModelException error(Kind kind) {
    return new ModelException(kind, "it said no");
  }
}
