// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.TierCredentials;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Which credentials the tools of an agent have, and for how long. */
class AgentCredentialsTest extends Redacted {
  private final List<String> credentials = new CopyOnWriteArrayList<>();

  @Test
  void withItsOwnCredentialsUntilTheRunEnds() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .tierCredentials(this::issue)
                .tools(reading("own:a"))
                .team(
                    team(
                        ctx ->
                            ctx.tools().call("reading", new Nothing()).text()
                                + ctx.step("two", String.class, () -> " "),
                        "reading")));

    assertThat(result.solution()).contains(Payload.text("[redacted], 15 characters "));
    assertThat(credentials).containsExactly("issued T1 payer", "read own:a", "revoked T1 payer");
  }

  @Test
  void credentialsOfAnAgentThatIsRevokedAreRevoked() {
    Team team =
        Team.of(
                DecisionRule.by("waiter"),
                Agent.of(
                        "payer",
                        ctx -> {
                          Payload unused = ctx.tools().call("reading", new Nothing());
                          while (true) {
                            failure(() -> ctx.tools().call("no-such-tool", new Nothing()));
                          }
                        })
                    .tier(TrustTier.T1)
                    .tools("reading"),
                Agent.of(
                    "waiter",
                    ctx -> {
                      while (!credentials.contains("revoked T1 payer")) {
                        Object unused = ctx.receive(Duration.ofMillis(5));
                      }
                      return "revoked while the run goes on";
                    }))
            .withoutMediator();
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder().tierCredentials(this::issue).tools(reading("own:a")).team(team));

    assertThat(result.solution()).contains(Payload.text("revoked while the run goes on"));
    assertThat(credentials).containsOnlyOnce("revoked T1 payer");
  }

  @Test
  void whenNoneAreIssuedTheToolGetsNoSecret() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .tierCredentials(
                    (run, agent, tier) -> {
                      throw new SecretUnavailableException(
                          Reason.UNAVAILABLE, "vault:", "a sealed Vault", "an open one", "Wait.");
                    })
                .secrets(reference -> Secret.of(SECRET))
                .tools(reading("own:a"))
                .team(team(ctx -> ctx.tools().call("reading", new Nothing()).text(), "reading")));

    assertThat(result.status()).isEqualTo(PipelineStatus.FAILED);
    assertThat(result.agent("payer").orElseThrow().failure()).contains("a sealed Vault");
  }

  @Test
  void outsideOfARunAToolGetsNone() {
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> new OutsideCall().secret("env:X"))
        .withMessageContaining("outside of a run");
  }

  private TierCredentials.Credential issue(RunId run, AgentId agent, TrustTier tier) {
    String who = tier + " " + agent.value().substring(run.value().length() + 1);
    credentials.add("issued " + who);
    return new TierCredentials.Credential() {
      @Override
      public boolean reads(String reference) {
        return reference.startsWith("own:");
      }

      @Override
      public Secret read(String reference) {
        credentials.add("read " + reference);
        return Secret.of(SECRET);
      }

      @Override
      public void close() {
        credentials.add("revoked " + who);
      }
    };
  }

  private static final class OutsideCall implements io.agentgovernance.tool.ToolCall {
    @Override
    public String idempotencyKey() {
      return "k";
    }

    @Override
    public Duration remaining() {
      return Duration.ZERO;
    }

    @Override
    public io.agentgovernance.core.Principal principal() {
      return io.agentgovernance.core.Principal.agent("a", TrustTier.T1);
    }

    @Override
    public void onAbort(Runnable hook) {}

    @Override
    public boolean aborted() {
      return false;
    }
  }
}
