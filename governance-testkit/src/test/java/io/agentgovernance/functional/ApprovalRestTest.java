// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport.Confirmation;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A run rests while a person is asked, and holds nothing meanwhile. */
class ApprovalRestTest extends Approved {
  @Test
  void theRunRestsUntilAPersonDecidesAndThenGoesOnByItself() {
    try (var orchestrator = transferring(paying(100)).approver(Approver.queue()).build()) {
      OrchestrationResult resting = orchestrator.run("Pay the bill");

      assertThat(resting.status()).isEqualTo(PipelineStatus.AWAITING_APPROVAL);
      ApprovalRequest request = orchestrator.approvals().pending().get(0);
      assertThat(resting.outcome()).isEqualTo(new Outcome.AwaitingApproval(List.of(request)));
      assertThat(request.action()).isEqualTo("tool:transfer");
      assertThat(request.question()).isEqualTo("Move the money?");
      assertThat(request.subject().read(Transfer.class)).isEqualTo(new Transfer(100));
      assertThat(request.policy()).isEqualTo("FourEyes@1");
      assertThat(bank.transferred()).isEmpty();
      Orchestration run = orchestrator.find(resting.run()).orElseThrow();
      assertThat(run.completion()).isNotDone();

      approve(orchestrator, request);
      OrchestrationResult done = ended(run);

      assertThat(done.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(done.solution()).contains(Payload.text("moved 100"));
      assertThat(bank.transferred()).containsExactly(100L);
      assertThat(Scenes.events(done, EventTypes.GATE_OPENED)).hasSize(1);
      assertThat(Scenes.events(done, EventTypes.GATE_DECIDED)).hasSize(1);
      assertThat(orchestrator.approvals().pending()).isEmpty();
    }
  }

  @Test
  void waitingForAPersonHoldsNoThread() {
    var running = new AtomicInteger();
    var threads = Executors.newCachedThreadPool();
    Workers counted =
        Workers.executor(
            task ->
                threads.execute(
                    () -> {
                      running.incrementAndGet();
                      try {
                        task.run();
                      } finally {
                        running.decrementAndGet();
                      }
                    }),
            1);
    try (var orchestrator =
        transferring(paying(100)).approver(Approver.queue()).workers(counted).build()) {
      OrchestrationResult resting = orchestrator.run("Pay the bill");
      OrchestrationResult other =
          orchestrator.run(
              RunRequest.of("Something else")
                  .team(Team.of(DecisionRule.by("a"), Agent.of("a", c -> "1")).withoutMediator()));

      assertThat(resting.status()).isEqualTo(PipelineStatus.AWAITING_APPROVAL);
      assertThat(other.status()).as("it got the one thread").isEqualTo(PipelineStatus.COMPLETED);

      approve(orchestrator, orchestrator.approvals().pending().get(0));
      assertThat(ended(orchestrator.find(resting.run()).orElseThrow()).status())
          .isEqualTo(PipelineStatus.COMPLETED);
    } finally {
      threads.shutdown();
    }
    assertThat(running).hasValueLessThanOrEqualTo(1);
  }

  @Test
  void anHourOfWaitingIsNoActiveTimeAndAWaitingPartnerIsStillThere() throws Exception {
    ManualTime time = Scenes.time();
    Team team =
        Team.of(
            DecisionRule.by("partner"),
            Agent.of("payer", paying(100)).tools("transfer"),
            Agent.of("partner", ctx -> "saw: " + ctx.awaitOutput("payer", String.class)));
    try (var orchestrator = transferring(team).approver(Approver.queue()).time(time).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Pay the bill"));
      assertThat(run.await().status()).isEqualTo(PipelineStatus.AWAITING_APPROVAL);

      time.advanceWhenIdle(Duration.ofHours(1));
      approve(orchestrator, orchestrator.approvals().pending().get(0));
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(result.solution()).contains(Payload.text("saw: moved 100"));
      assertThat(result.activeTime()).isLessThan(Duration.ofSeconds(1));
      assertThat(result.mediations()).as("the stuck clock stood still").isEmpty();
    }
  }

  @Test
  void timeGoesOnAfterThePersonHasDecided() throws Exception {
    ManualTime time = Scenes.time();
    Team team =
        Team.of(
            DecisionRule.by("payer"),
            Agent.of(
                    "payer",
                    ctx -> {
                      ctx.receive(Duration.ofSeconds(10));
                      String moved = pay(ctx, 100);
                      ctx.receive(Duration.ofSeconds(20));
                      return moved;
                    })
                .tools("transfer"),
            Agent.of(
                "partner",
                ctx -> {
                  ctx.receive(Duration.ofMinutes(5));
                  return "";
                }));
    try (var orchestrator =
        transferring(team.withoutMediator()).approver(Approver.queue()).time(time).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Pay the bill"));
      time.advanceWhenIdle(Duration.ofSeconds(10));
      run.await();
      time.advanceWhenIdle(Duration.ofHours(1));
      approve(orchestrator, orchestrator.approvals().pending().get(0));

      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(result.activeTime()).isEqualTo(Duration.ofSeconds(30));
    }
  }

  @Test
  void threadsThatARunGotTwiceWouldBeLostForOthers() throws Exception {
    Team payers =
        Team.of(
                DecisionRule.collect(),
                Agent.of("one", paying(1)).tools("transfer"),
                Agent.of("two", paying(2)).tools("transfer"))
            .withoutMediator();
    try (var orchestrator =
        transferring(payers).approver(Approver.queue()).workers(Workers.platform(4)).build()) {
      OrchestrationResult resting = orchestrator.run("Pay the bills");
      List<ApprovalRequest> pending = orchestrator.approvals().pending();
      var release = new CountDownLatch(1);
      var inside = new CountDownLatch(4);
      Orchestration busy =
          orchestrator.start(RunRequest.of("Block").team(blocking(4, inside, release)));
      assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();

      approve(orchestrator, pending.get(0));
      approve(orchestrator, pending.get(1));
      release.countDown();

      assertThat(ended(busy).status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(ended(orchestrator.find(resting.run()).orElseThrow()).status())
          .isEqualTo(PipelineStatus.COMPLETED);
      Orchestration all =
          orchestrator.start(
              RunRequest.of("Take all threads")
                  .team(blocking(4, new CountDownLatch(4), new CountDownLatch(0))));
      assertThat(ended(all).status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  @Test
  void aRunThatRestsCanBeStopped() {
    try (var orchestrator = transferring(paying(100)).approver(Approver.queue()).build()) {
      OrchestrationResult resting = orchestrator.run("Pay the bill");
      Orchestration run = orchestrator.find(resting.run()).orElseThrow();

      assertThat(run.stop("never mind").agents().values()).containsExactly(Confirmation.NO_HANDLER);

      assertThat(ended(run).status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(orchestrator.approvals().pending()).isEmpty();
      assertThat(bank.transferred()).isEmpty();
    }
  }

  private static Team blocking(int agents, CountDownLatch inside, CountDownLatch release) {
    Agent[] all = new Agent[agents];
    for (int i = 0; i < agents; i++) {
      all[i] =
          Agent.of(
              "a" + i,
              ctx -> {
                inside.countDown();
                release.await();
                return "";
              });
    }
    return Team.of(DecisionRule.collect(), all).withoutMediator();
  }
}
