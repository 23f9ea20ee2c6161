// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.util.Map;

/** A tool reads its own secret; one that tells it gives nothing away. */
public final class SecretsOfTools {
  private SecretsOfTools() {}

  /** What the tool takes. */
  record Account(String id) {}

  public static void main(String[] args) {
    Map<String, String> variables = Map.of("CORE_BANKING_PASSWORD", "a-long-password-of-the-bank");
    // tag::tool[]
    Tool balance =
        Tool.of(
            "balance",
            Account.class,
            String.class,
            (account, call) -> {
              try (Secret password = call.secret("env:CORE_BANKING_PASSWORD")) {
                return password.use(value -> ask(account, value));
              }
            });
    // end::tool[]
    Team team =
        Team.of(
            DecisionRule.by("clerk"),
            Agent.of("clerk", ctx -> ctx.tools().call("balance", new Account("a1")).text())
                .tier(TrustTier.T1)
                .tools("balance"));
    // tag::source[]
    try (var orchestrator =
        Orchestrator.builder()
            .secrets(SecretSource.environment(variables))
            .tools(balance.effect(Effect.READ).requires(TrustTier.T1))
            .team(team)
            .build()) {
      // end::source[]
      System.out.println(orchestrator.run("What is left?").report());
    }
  }

  /** A careless system: it tells how it was logged in to. */
  private static String ask(Account account, char[] password) {
    return account.id() + ": 1,000 EUR (logged in with " + new String(password) + ")";
  }
}
