// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.agent.ToolFailedException;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;

/** Tools that read secrets or tell them. */
abstract class Redacted {
  static final String SECRET = "s3cr3t-password";

  record Nothing() {}

  static Tool reading(String reference) {
    return Tool.of(
            "reading",
            Nothing.class,
            String.class,
            (in, call) -> {
              try (Secret secret = call.secret(reference)) {
                return secret.use(value -> new String(value) + ", " + value.length + " characters");
              }
            })
        .effect(Effect.READ)
        .requires(TrustTier.T1);
  }

  static Team team(AgentBody<String> body, String... tools) {
    return Team.of(
            DecisionRule.by("payer"), Agent.of("payer", body).tier(TrustTier.T1).tools(tools))
        .withoutMediator();
  }

  static String failure(Runnable call) {
    try {
      call.run();
      return "none";
    } catch (ToolFailedException e) {
      return e.problem();
    } catch (GovernanceException e) {
      if (e.getClass().getSimpleName().equals("AgentStoppedException")) {
        throw e;
      }
      return e.getClass().getSimpleName();
    }
  }
}
