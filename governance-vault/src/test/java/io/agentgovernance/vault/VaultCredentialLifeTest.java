// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.internal.secrets.CredentialDesk;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From when to when the token of an agent lives, over HTTP. */
@Timeout(60)
class VaultCredentialLifeTest {
  private static final String CREATE = "POST /v1/auth/token/create/governance-";
  private static final String READ = "GET /v1/secret/data/services/x";
  private static final String REVOKE = "POST /v1/auth/token/revoke-accessor";
  private static final RunId RUN = new RunId("run-1");
  private static final AgentId ONE = new AgentId("run-1-one");
  private static final AgentId OTHER = new AgentId("run-1-other");

  private final FakeVault vault = new FakeVault();
  private final AtomicInteger made = new AtomicInteger();
  private final Map<String, String> holders = new ConcurrentHashMap<>();

  record Look(int time) {}

  @BeforeEach
  void makesTokens() {
    for (TrustTier tier : TrustTier.values()) {
      String policy = "governance-" + tier.name().toLowerCase(Locale.ROOT);
      vault.on("POST /v1/auth/token/create/" + policy, body -> token(policy, body));
    }
    vault.on(REVOKE, new MockResponse.Builder().code(204).build());
  }

  private MockResponse token(String policy, Payload body) {
    int number = made.incrementAndGet();
    holders.put("accessor-" + number, body.at("/display_name").orElseThrow().text());
    return FakeVault.token(number, List.of(policy));
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private List<String> revoked() {
    return vault.seen().stream()
        .filter(seen -> seen.line().equals(REVOKE))
        .map(seen -> seen.body().at("/accessor").orElseThrow().text())
        .toList();
  }

  /** The lines about tokens of agents and about secrets, with who read. */
  private List<String> story() {
    return vault.seen().stream()
        .filter(seen -> !seen.line().contains("login"))
        .map(
            seen ->
                seen.line().equals(READ)
                    ? "read by " + seen.token()
                    : seen.line().equals(REVOKE)
                        ? "revoke " + seen.body().at("/accessor").orElseThrow().text()
                        : seen.line().replace(CREATE, "create "))
        .toList();
  }

  private static String look(AgentContext ctx, int time) {
    return ctx.tools().call("look", new Look(time)).text();
  }

  private static Tool look() {
    return Tool.of(
            "look",
            Look.class,
            String.class,
            (in, call) -> {
              try (Secret secret = call.secret("vault:services/x")) {
                return "length " + secret.use(value -> value.length);
              }
            })
        .effect(Effect.READ)
        .requires(TrustTier.T2);
  }

  enum End {
    COMPLETED,
    FAILED,
    REVOKED;

    String come(AgentContext ctx) {
      String seen = look(ctx, 1);
      if (this == COMPLETED) {
        return seen;
      }
      throw new IllegalStateException("it cannot go on");
    }

    ErrorBudget budget() {
      return this == REVOKED ? new ErrorBudget(1, 2, 1) : ErrorBudget.DEFAULT;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTokenOfAnAgentThatHasEndedIsRevokedAtOnceAndTheOthersLiveOn(End end) {
    Agent one =
        Agent.of("one", end::come).errorBudget(end.budget()).tier(TrustTier.T2).tools("look");
    Agent other =
        Agent.of(
                "other",
                ctx -> {
                  String before = look(ctx, 1);
                  vault.awaitLine(REVOKE); // while this one goes on
                  assertThat(revoked())
                      .singleElement()
                      .satisfies(accessor -> assertThat(holders.get(accessor)).endsWith("-one"));
                  return before + ", " + look(ctx, 2);
                })
            .tier(TrustTier.T2)
            .tools("look");
    OrchestrationResult result;
    try (VaultSecretSource source = vault.appRole().build();
        Orchestrator orchestrator =
            Orchestrator.builder()
                .secrets(source)
                .tierCredentials(VaultTierCredentials.of(source))
                .tools(look())
                .team(Team.of(DecisionRule.collect(), one, other).withoutMediator())
                .build()) {
      result = orchestrator.run("Look");
    }

    assertThat(result.agent("one").orElseThrow().status())
        .isEqualTo(AgentStatus.valueOf(end.name()));
    assertThat(result.agent("other").orElseThrow().status()).isEqualTo(AgentStatus.COMPLETED);
    assertThat(made).as("the other one kept its token").hasValue(2);
    assertThat(revoked()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void anAgentThatIsDemotedLosesItsTokenAndGetsOneOfItsNewTier() {
    try (VaultSecretSource source = vault.appRole().build();
        CredentialDesk desk = desk(source)) {
      read(desk, ONE, TrustTier.T3);
      read(desk, OTHER, TrustTier.T3);
      read(desk, ONE, TrustTier.T1);
      read(desk, ONE, TrustTier.T1);
      read(desk, OTHER, TrustTier.T3);

      assertThat(story())
          .containsExactly(
              "create t3",
              "read by hvs.agent-1",
              "create t3",
              "read by hvs.agent-2",
              "revoke accessor-1",
              "create t1",
              "read by hvs.agent-3",
              "read by hvs.agent-3",
              "read by hvs.agent-2");
    }
    assertThat(revoked()).containsExactlyInAnyOrder("accessor-1", "accessor-2", "accessor-3");
  }

  @Test
  void anAgentThatIsDemotedReadsNothingIfThereIsNoTokenOfItsNewTier() {
    vault.on(
        CREATE + "t0", FakeVault.json(403, Payload.json("{\"errors\":[\"permission denied\"]}")));
    try (VaultSecretSource source = vault.appRole().build();
        CredentialDesk desk = desk(source)) {
      read(desk, ONE, TrustTier.T3);

      assertThatExceptionOfType(SecretUnavailableException.class)
          .isThrownBy(() -> read(desk, ONE, TrustTier.T0));

      assertThat(story())
          .containsExactly("create t3", "read by hvs.agent-1", "revoke accessor-1", "create t0");
    }
  }

  private static CredentialDesk desk(VaultSecretSource source) {
    return new CredentialDesk(
        source, VaultTierCredentials.of(source), Redactor.standard(), Runnable::run);
  }

  private static void read(CredentialDesk desk, AgentId agent, TrustTier tier) {
    try (Secret secret = desk.read(RUN, agent, tier, "vault:services/x", () -> false)) {
      assertThat(secret.<String>use(String::new)).isEqualTo("pa55word-of-x");
    }
  }
}
