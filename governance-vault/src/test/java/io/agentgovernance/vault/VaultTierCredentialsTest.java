// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.BadInputException;
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
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.TierCredentials;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each agent has a token of its own, with the policy of its tier. */
@Timeout(60)
class VaultTierCredentialsTest {
  private static final String CREATE = "POST /v1/auth/token/create/governance-t2";
  private static final String REVOKE = "POST /v1/auth/token/revoke-accessor";
  private static final RunId RUN = new RunId("run-1");
  private static final AgentId AGENT = new AgentId("run-1-analyst");

  private final FakeVault vault = new FakeVault();
  private final AtomicInteger made = new AtomicInteger();
  private final HandTime time = new HandTime();

  record Nothing() {}

  @BeforeEach
  void makesTokens() {
    vault.on(CREATE, body -> token(List.of("governance-t2")));
    vault.on(REVOKE, new MockResponse.Builder().code(204).build());
  }

  private MockResponse token(List<String> policies) {
    return FakeVault.token(made.incrementAndGet(), policies);
  }

  @AfterEach
  void close() {
    vault.close();
  }

  @Test
  void theTokenHasThePolicyOfTheTierAndIsRevokedByItsAccessor() {
    try (VaultSecretSource source = vault.appRole().build()) {
      TierCredentials.Credential credential =
          VaultTierCredentials.of(source).issue(RUN, AGENT, TrustTier.T2);
      assertThat(text(credential)).isEqualTo("pa55word-of-x");
      assertThat(text(credential)).isEqualTo("pa55word-of-x");
      credential.close();
      credential.close();
      assertThatExceptionOfType(SecretUnavailableException.class)
          .isThrownBy(() -> credential.read("vault:services/x"))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DENIED));
    }

    FakeVault.Seen create = seen(CREATE).get(0);
    assertThat(create.token()).isEqualTo("hvs.approle-token");
    assertThat(create.body())
        .isEqualTo(
            Payload.json(
                "{\"policies\":[\"governance-t2\"],\"ttl\":\"900s\",\"explicit_max_ttl\":\"900s\","
                    + "\"num_uses\":100,\"renewable\":false,\"no_default_policy\":true,"
                    + "\"display_name\":\"run-1-analyst\","
                    + "\"meta\":{\"run\":\"run-1\",\"agent\":\"run-1-analyst\",\"tier\":\"T2\"}}"));
    assertThat(seen(CREATE)).hasSize(1);
    assertThat(seen("GET /v1/secret/data/services/x"))
        .allMatch(seen -> "hvs.agent-1".equals(seen.token()));
    assertThat(seen(REVOKE))
        .singleElement()
        .satisfies(
            seen ->
                assertThat(seen.body()).isEqualTo(Payload.of(Map.of("accessor", "accessor-1"))));
  }

  @Test
  void aTokenThatIsOverIsReplacedAndOneThatMayNotReadIsNot() {
    try (VaultSecretSource source = vault.appRole().time(time).build()) {
      TierCredentials.Credential credential =
          VaultTierCredentials.of(source)
              .with(time, Redactor.none())
              .issue(RUN, AGENT, TrustTier.T2);
      time.move(Duration.ofMinutes(15));
      assertThat(text(credential)).isEqualTo("pa55word-of-x");
      assertThat(made).hasValue(2);

      vault.on(
          "GET /v1/secret/data/services/x",
          FakeVault.json(403, Payload.json("{\"errors\":[\"permission denied\"]}")));
      assertThatExceptionOfType(SecretUnavailableException.class)
          .isThrownBy(() -> credential.read("vault:services/x"))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DENIED));
      assertThat(made).hasValue(2);
    }
  }

  @Test
  void aTokenWithMorePoliciesThanAskedForIsRevokedAndRefused() {
    vault.on(CREATE, body -> token(List.of("governance-t2", "root")));
    try (VaultSecretSource source = vault.appRole().build()) {
      assertThatExceptionOfType(SecretUnavailableException.class)
          .isThrownBy(() -> VaultTierCredentials.of(source).issue(RUN, AGENT, TrustTier.T2))
          .withMessageContaining("allowed_policies=governance-t2")
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.LOGIN_REFUSED));
    }

    assertThat(seen(REVOKE)).hasSize(1);
  }

  @Test
  void withoutATokenRoleThereIsNoToken() {
    try (VaultSecretSource source = vault.appRole().build()) {
      assertThatExceptionOfType(SecretUnavailableException.class)
          .isThrownBy(() -> VaultTierCredentials.of(source).issue(RUN, AGENT, TrustTier.T4))
          .withMessageContaining("Make the token role governance-t4");
    }
  }

  @Test
  void theAgentsOfARunHaveTokensOfTheirOwnUntilTheRunEnds() {
    Tool tool =
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
            .requires(TrustTier.T2);
    Agent[] agents = new Agent[2];
    for (int i = 0; i < agents.length; i++) {
      agents[i] =
          Agent.of("a" + i, ctx -> ctx.tools().call("look", new Nothing()).text())
              .tier(TrustTier.T2)
              .tools("look");
    }
    OrchestrationResult result;
    try (VaultSecretSource source = vault.appRole().build()) {
      try (Orchestrator orchestrator =
          Orchestrator.builder()
              .secrets(source)
              .tierCredentials(VaultTierCredentials.of(source))
              .tools(tool)
              .team(Team.of(DecisionRule.collect(), agents).withoutMediator())
              .build()) {
        result = orchestrator.run("Look");
      }
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(seen(CREATE)).hasSize(2);
      assertThat(seen(REVOKE))
          .extracting(seen -> seen.body().at("/accessor").orElseThrow().text())
          .containsExactlyInAnyOrder("accessor-1", "accessor-2");
    }
  }

  @Test
  void lifeAndUsesAreBounded() {
    try (VaultSecretSource source = vault.appRole().build()) {
      VaultTierCredentials some = VaultTierCredentials.of(source);
      assertThat(some.lasting(Duration.ofMinutes(1), 5)).isNotNull();
      assertThatExceptionOfType(BadInputException.class)
          .isThrownBy(() -> some.lasting(Duration.ofMinutes(16), 5));
      assertThatExceptionOfType(BadInputException.class)
          .isThrownBy(() -> some.lasting(Duration.ofMinutes(1), 0));
    }
  }

  private List<FakeVault.Seen> seen(String line) {
    return vault.seen().stream().filter(seen -> seen.line().equals(line)).toList();
  }

  private static String text(TierCredentials.Credential credential) {
    try (Secret secret = credential.read("vault:services/x")) {
      return secret.use(String::new);
    }
  }
}
