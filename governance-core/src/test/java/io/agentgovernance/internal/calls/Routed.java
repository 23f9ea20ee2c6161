// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Calls over routes that are scripted. */
abstract class Routed {
  static final ChatReply REPLY = ChatReply.of("ok", Usage.ZERO, "m");
  final HandTime time = new HandTime();
  final FakeCall call = new FakeCall(time, Duration.ofMinutes(30));
  final ScriptedRoutes routes = new ScriptedRoutes(time);
  final RetryPolicy retry = RetryPolicy.of(new Random(1));

  RoutedReply call(ModelRoute... routes) throws InterruptedException {
    return router(routes).call(call);
  }

  ModelException failure(ModelRoute... routes) {
    return catchThrowableOfType(ModelException.class, () -> call(routes));
  }

  ModelRouter router(ModelRoute... routes) {
    return new ModelRouter(List.of(routes), retry, time);
  }
}
