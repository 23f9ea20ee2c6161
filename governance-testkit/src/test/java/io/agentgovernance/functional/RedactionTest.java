// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.agent.ToolFailedException;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.spi.TierCredentials;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of secrets that get into a run, and how tools get theirs. */
class RedactionTest {
  private static final String SECRET = "s3cr3t-password";

  private final Bank bank = new Bank();
  private final List<String> credentials = new CopyOnWriteArrayList<>();

  record Nothing() {}

  @Test
  void aBodyLearnsTheSameWhenItRunsAgainAlsoWhereASecretWasTakenOut() {
    AtomicInteger bodies = new AtomicInteger();
    AtomicInteger modelCalls = new AtomicInteger();
    List<Object> seen = new ArrayList<>();
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .redactor(knowing(SECRET))
            .tools(bank.transfer(), telling())
            .policy(Bank.fourEyes(Duration.ofDays(1)))
            .approver(Approver.queue())
            .model(
                "m",
                (request, exchange) -> {
                  modelCalls.incrementAndGet();
                  return Scenes.reply("it is " + SECRET);
                })
            .team(
                team(
                    ctx -> {
                      bodies.incrementAndGet();
                      String reply = ctx.model().ask(Prompt.user("which?")).text();
                      String step = ctx.step("look", String.class, () -> SECRET);
                      String failure = failure(() -> ctx.tools().call("telling", new Nothing()));
                      ctx.blackboard().put("reply", reply + step + SECRET);
                      String kept = ctx.blackboard().get("reply").orElseThrow().value().text();
                      String next = ctx.model().ask(Prompt.user(reply + step + kept)).text();
                      seen.add(List.of(reply, step, failure, kept, next));
                      return ctx.tools().call("transfer", new Bank.Transfer(5)).text();
                    },
                    "telling",
                    "transfer"));
    OrchestrationResult result;
    try (var orchestrator = builder.build()) {
      OrchestrationResult resting = orchestrator.run("Do it");
      assertThat(resting.status()).isEqualTo(PipelineStatus.AWAITING_APPROVAL);
      Approved.approve(orchestrator, orchestrator.approvals().pending().get(0));
      result = Approved.ended(orchestrator.find(resting.run()).orElseThrow());
    }

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(bodies).hasValue(2);
    assertThat(modelCalls).hasValue(2);
    assertThat(seen).hasSize(2);
    assertThat(seen.get(1)).isEqualTo(seen.get(0));
    assertThat(seen.get(0).toString()).doesNotContain(SECRET).contains("it is [redacted]");
    assertThat(result.agent("payer").orElseThrow().errors()).as("counted once").isEqualTo(1);
  }

  @Test
  void anErrorWhoseMessageHeldASecretCountsOnce() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .redactor(knowing(SECRET))
                .tools(telling())
                .team(team(ctx -> ctx.tools().call("telling", new Nothing()).text(), "telling")));

    assertThat(result.agent("payer").orElseThrow().errors()).isEqualTo(1);
    assertThat(Scenes.events(result, EventTypes.ERROR_RECORDED)).hasSize(1);
    assertThat(result.agent("payer").orElseThrow().failure())
        .contains("IllegalStateException: the password is [redacted]");
  }

  @Test
  void aToolReadsSecretsAsTheOrchestratorDoes() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .secrets(SecretSource.environment(Map.of("PASSWORD", SECRET)))
                .tools(reading("env:PASSWORD"))
                .team(team(ctx -> ctx.tools().call("reading", new Nothing()).text(), "reading")));

    assertThat(result.solution()).contains(Payload.text("[redacted], 15 characters"));
  }

  @Test
  void aSecretThatCannotBeReadFailsTheCall() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .secrets(SecretSource.environment(Map.of()))
                .tools(reading("env:PASSWORD"))
                .team(team(ctx -> ctx.tools().call("reading", new Nothing()).text(), "reading")));

    assertThat(result.status()).isEqualTo(PipelineStatus.FAILED);
    assertThat(result.agent("payer").orElseThrow().failure())
        .contains("SecretUnavailableException", "env:PASSWORD", "export PASSWORD");
  }

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

  private static Tool telling() {
    return Tool.of(
            "telling",
            Nothing.class,
            String.class,
            (in, call) -> {
              throw new IllegalStateException("the password is " + SECRET);
            })
        .effect(Effect.READ)
        .requires(TrustTier.T1);
  }

  private static Tool reading(String reference) {
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

  private static Team team(AgentBody<String> body, String... tools) {
    return Team.of(
            DecisionRule.by("payer"), Agent.of("payer", body).tier(TrustTier.T1).tools(tools))
        .withoutMediator();
  }

  private static Redactor knowing(String secret) {
    Redactor redactor = Redactor.standard();
    Redactor.Registration unused = redactor.register(secret.toCharArray());
    return redactor;
  }

  private static String failure(Runnable call) {
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
