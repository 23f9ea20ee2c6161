// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.model.Prompt;
import java.time.Duration;

/** Runs that go on under the limits they had. */
abstract class ResumedLimits {
  static final Duration LIMIT = Duration.ofSeconds(100);

  static String asks(AgentContext ctx) {
    for (int i = 0; ; i++) {
      ctx.model().ask(Prompt.user("question " + i));
    }
  }
}
