// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport.Confirmation;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
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
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How a run waits for a person and goes on. */
class ApprovalTest {
  private static final Duration DAY = Duration.ofDays(1);
  private final Bank bank = new Bank();

  @Test
  void withoutAnApproverTheActionIsDenied() {
    OrchestrationResult result = Scenes.run(transferring(paying(100)));

    assertThat(bank.transferred()).isEmpty();
    assertThat(result.solution()).contains(Payload.text("NO_APPROVER"));
    assertThat(result.denials()).singleElement().matches(d -> d.rule().equals("NO_APPROVER"));
  }

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

  private static OrchestrationResult approvedAtOnce(OrchestratorBuilder builder) {
    try (var orchestrator = builder.build()) {
      OrchestrationResult resting = orchestrator.run("Do it");
      assertThat(resting.status()).isEqualTo(PipelineStatus.AWAITING_APPROVAL);
      approve(orchestrator, orchestrator.approvals().pending().get(0));
      return ended(orchestrator.find(resting.run()).orElseThrow());
    }
  }

  static void approve(Orchestrator orchestrator, ApprovalRequest request) {
    orchestrator
        .approvals()
        .decide(request.run(), request.id(), ApprovalDecision.approve(request, "anna"));
  }

  static OrchestrationResult ended(Orchestration run) {
    return run.completion().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private OrchestratorBuilder transferring(AgentBody<String> body) {
    return transferring(body, DAY);
  }

  private OrchestratorBuilder transferring(AgentBody<String> body, Duration within) {
    return builder(within).team(only(body));
  }

  private OrchestratorBuilder transferring(Team team) {
    return builder(DAY).team(team);
  }

  private OrchestratorBuilder builder(Duration within) {
    return Orchestrator.builder()
        .tools(bank.transfer(), bank.balance())
        .policy(Bank.fourEyes(within));
  }

  private static Team only(AgentBody<String> body) {
    return Team.of(DecisionRule.by("payer"), Agent.of("payer", body).tools("transfer", "balance"))
        .withoutMediator();
  }

  private static AgentBody<String> paying(long amount) {
    return ctx -> pay(ctx, amount);
  }

  private static String pay(AgentContext ctx, long amount) {
    try {
      return ctx.tools().call("transfer", new Transfer(amount)).text();
    } catch (DeniedException e) {
      return e.rule();
    }
  }
}
