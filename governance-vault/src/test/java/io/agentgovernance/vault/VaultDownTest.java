// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.health.Component;
import io.agentgovernance.health.ComponentState;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an orchestrator does whose Vault is sealed, and opened again. */
@Timeout(60)
class VaultDownTest {
  private static final String READ = "GET /v1/secret/data/services/x";

  private final FakeVault vault = new FakeVault();

  @AfterEach
  void close() {
    vault.close();
  }

  record Nothing() {}

  private static final Tool LOOK =
      Tool.of(
              "look",
              Nothing.class,
              String.class,
              (in, call) -> {
                try (Secret secret = call.secret("vault:services/x")) {
                  return "length " + secret.use(value -> value.length);
                }
              })
          .effect(Effect.READ)
          .requires(TrustTier.T1);

  private static Team team(Agent agent) {
    return Team.of(DecisionRule.by("one"), agent);
  }

  @Test
  void whatNeedsASecretFailsTheRestGoesOnAndItRecovers() throws Exception {
    vault.on(READ, FakeVault.json(503, Payload.of(Map.of("errors", List.of("Vault is sealed")))));
    Agent looking =
        Agent.of("one", ctx -> ctx.tools().call("look", new Nothing()).text()).tools("look");
    try (VaultSecretSource source = vault.appRole().build();
        Orchestrator orchestrator =
            Orchestrator.builder().secrets(source).tools(LOOK).team(team(looking)).build()) {
      for (int i = 0; i < 3; i++) {
        OrchestrationResult failed = orchestrator.run("Look");
        assertThat(failed.status()).isEqualTo(PipelineStatus.FAILED);
        assertThat(failed.agent("one").orElseThrow().failure())
            .contains("SecretUnavailableException");
      }
      assertThat(state(orchestrator)).isEqualTo(ComponentState.UNHEALTHY);
      RunRequest without = RunRequest.of("Rest").team(team(Agent.of("one", ctx -> "done")));
      assertThat(orchestrator.start(without).await().status())
          .as("runs are begun, and go on without it")
          .isEqualTo(PipelineStatus.COMPLETED);

      vault.secret("services/x", "password", "pa55word-of-x");
      assertThat(orchestrator.run("Look").status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(state(orchestrator)).isEqualTo(ComponentState.DEGRADED);
    }
  }

  private static ComponentState state(Orchestrator orchestrator) {
    return orchestrator.health().snapshot().of(Component.SECRETS).state();
  }
}
