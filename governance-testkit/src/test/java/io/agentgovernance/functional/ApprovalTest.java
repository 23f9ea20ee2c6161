// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Account;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who decides about an action, and what comes of it. */
class ApprovalTest extends Approved {
  @Test
  void withoutAnApproverTheActionIsDenied() {
    OrchestrationResult result = Scenes.run(transferring(paying(100)));

    assertThat(bank.transferred()).isEmpty();
    assertThat(result.solution()).contains(Payload.text("NO_APPROVER"));
    assertThat(result.denials()).singleElement().matches(d -> d.rule().equals("NO_APPROVER"));
  }

  @Test
  void theBodyRunsAgainWithoutRepeatingAFinishedCall() {
    var modelCalls = new AtomicInteger();
    var bodies = new AtomicInteger();
    var steps = new AtomicInteger();
    List<Object> seen = new ArrayList<>();
    OrchestratorBuilder builder =
        transferring(
                ctx -> {
                  bodies.incrementAndGet();
                  String first = ctx.model().ask(Prompt.user("how much?")).text();
                  long balance = ctx.tools().call("balance", new Account("a1"), Long.class);
                  int step = ctx.step("count", Integer.class, steps::incrementAndGet);
                  ctx.blackboard().put("balance", balance);
                  seen.add(List.of(first, balance, step, ctx.now(), ctx.random().nextLong()));
                  String moved = ctx.tools().call("transfer", new Transfer(5)).text();
                  return moved + " " + ctx.model().ask(Prompt.user("done?")).text();
                })
            .approver(Approver.queue())
            .model(
                "m", (request, exchange) -> Scenes.reply("reply " + modelCalls.incrementAndGet()));

    OrchestrationResult result = approvedAtOnce(builder);

    assertThat(bodies).hasValue(2);
    assertThat(modelCalls).hasValue(2);
    assertThat(bank.read()).containsExactly("a1");
    assertThat(steps).hasValue(1);
    assertThat(seen).hasSize(2);
    assertThat(seen.get(1)).isEqualTo(seen.get(0));
    assertThat(bank.transferred()).containsExactly(5L);
    assertThat(result.solution()).contains(Payload.text("moved 5 reply 2"));
    assertThat(result.usage().calls()).isEqualTo(2);
    assertThat(Scenes.events(result, EventTypes.BLACKBOARD_WRITE)).hasSize(1);
  }

  @Test
  void nobodyDecidingInTimeDenies() throws Exception {
    ManualTime time = Scenes.time();
    try (var orchestrator =
        transferring(paying(100), Duration.ofMinutes(10))
            .approver(Approver.queue())
            .time(time)
            .build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Pay the bill"));
      run.await();

      time.advanceWhenIdle(Duration.ofMinutes(10).minusNanos(1));
      assertThat(orchestrator.approvals().pending()).hasSize(1);
      time.advanceWhenIdle(Duration.ofNanos(1));
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.solution()).contains(Payload.text("APPROVAL_EXPIRED"));
      assertThat(bank.transferred()).isEmpty();
    }
  }

  @Test
  void aPersonMayDeny() {
    try (var orchestrator = transferring(paying(100)).approver(Approver.queue()).build()) {
      OrchestrationResult resting = orchestrator.run("Pay the bill");
      ApprovalRequest request = orchestrator.approvals().pending().get(0);
      orchestrator
          .approvals()
          .decide(request.run(), request.id(), ApprovalDecision.deny(request, "anna", "too much"));

      OrchestrationResult result = ended(orchestrator.find(resting.run()).orElseThrow());

      assertThat(result.solution()).contains(Payload.text("APPROVAL_DENIED"));
      assertThat(result.denials()).singleElement().matches(d -> d.reason().contains("anna"));
      assertThat(bank.transferred()).isEmpty();
    }
  }

  @Test
  void anApproverIsToldOnceAndMayDecideAtOnce() {
    var told = new AtomicInteger();
    OrchestrationResult result =
        Scenes.run(
            transferring(paying(100))
                .approver(
                    (request, approvals) -> {
                      told.incrementAndGet();
                      approvals.decide(
                          request.run(), request.id(), ApprovalDecision.approve(request, "anna"));
                    }));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(told).hasValue(1);
    assertThat(bank.transferred()).containsExactly(100L);
  }

  @Test
  void anApproverThatFailsLeavesTheRequestPending() {
    OrchestratorBuilder builder =
        transferring(paying(100))
            .approver(
                (request, approvals) -> {
                  throw new IllegalStateException("no mail server");
                });

    OrchestrationResult result = approvedAtOnce(builder);

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void aModelCallCanNeedAPersonToo() {
    var called = new AtomicInteger();
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .tools(bank.transfer(), bank.balance())
            .policy(
                action ->
                    action.kind().equals(Action.MODEL)
                        ? Verdict.requireApproval("Ask the model?", DAY)
                        : Verdict.allow())
            .approver(Approver.queue())
            .model(
                "m",
                (request, exchange) -> {
                  called.incrementAndGet();
                  return Scenes.reply("42");
                })
            .team(only(ctx -> ctx.model().ask(Prompt.user("question")).text()));

    OrchestrationResult result = approvedAtOnce(builder);

    assertThat(called).hasValue(1);
    assertThat(result.solution()).contains(Payload.text("42"));
  }

  @Test
  void aBodyThatSwallowsEverythingCannotActBeforeThePersonHasDecided() {
    OrchestratorBuilder builder =
        transferring(
                ctx -> {
                  try {
                    return ctx.tools().call("transfer", new Transfer(1)).text();
                  } catch (Throwable everything) {
                    ctx.tools().call("balance", new Account("sneaky"));
                    return "got past it";
                  }
                })
            .approver(Approver.queue());

    OrchestrationResult result = approvedAtOnce(builder);

    assertThat(result.solution()).contains(Payload.text("moved 1"));
    assertThat(bank.read()).isEmpty();
  }

  @Test
  void severalAgentsWaitEachForItsOwnDecision() {
    Team team =
        Team.of(
            DecisionRule.collect(),
            Agent.of("one", paying(1)).tools("transfer"),
            Agent.of("two", paying(2)).tools("transfer"));
    try (var orchestrator =
        transferring(team.withoutMediator()).approver(Approver.queue()).build()) {
      OrchestrationResult resting = orchestrator.run("Pay the bills");
      Orchestration run = orchestrator.find(resting.run()).orElseThrow();
      List<ApprovalRequest> pending = orchestrator.approvals().pending();
      assertThat(pending).hasSize(2);

      approve(orchestrator, pending.get(1));
      approve(orchestrator, pending.get(0));

      assertThat(ended(run).status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(bank.transferred()).containsExactlyInAnyOrder(1L, 2L);
    }
  }

  private static OrchestrationResult approvedAtOnce(OrchestratorBuilder builder) {
    try (var orchestrator = builder.build()) {
      OrchestrationResult resting = orchestrator.run("Do it");
      assertThat(resting.status()).isEqualTo(PipelineStatus.AWAITING_APPROVAL);
      approve(orchestrator, orchestrator.approvals().pending().get(0));
      return ended(orchestrator.find(resting.run()).orElseThrow());
    }
  }
}
