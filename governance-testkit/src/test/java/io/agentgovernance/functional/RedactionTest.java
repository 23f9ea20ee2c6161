// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What becomes of secrets that get into a run, and how tools get theirs. */
class RedactionTest extends Redacted {
  private final Bank bank = new Bank();

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

  private static Redactor knowing(String secret) {
    Redactor redactor = Redactor.standard();
    Redactor.Registration unused = redactor.register(secret.toCharArray());
    return redactor;
  }
}
