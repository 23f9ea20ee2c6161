// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.AgentReport;
import io.agentgovernance.BadInputException;
import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRefusedException;
import io.agentgovernance.JoinRefusedException.Reason;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A run of which one process runs some agents and another the others. */
class JoiningTest extends TwoNodes {
  @Test
  void anAgentOfAnotherProcessWorksWithItsOwnModelUnderTheLimitsOfTheRun() {
    Team team = pair();
    try (var first = first(team);
        var second = second(team)) {
      Orchestration run = withoutBeta(first);
      Joined joined = joinAsBeta(second, run);
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(result.solution()).contains(Payload.text("beta of re: alpha 1, re: beta 2"));
      assertThat(here.calls()).hasSize(2).allMatch(key -> key.contains("-alpha/"));
      assertThat(there.calls()).hasSize(2).allMatch(key -> key.contains("-beta/"));
      assertThat(ledgerThere.entries(LedgerTypes.INTENT)).hasSize(2);
      assertThat(ledgerThere.entries(LedgerTypes.RUN_JOINED)).hasSize(1);
      assertThat(result.usage().calls()).isEqualTo(4);
      assertThat(result.agents()).allMatch(a -> a.status() == AgentStatus.COMPLETED);
      assertThat(end(joined)).isEqualTo(new JoinEnd.RunEnded(PipelineStatus.COMPLETED));
      assertThat(Scenes.events(result, EventTypes.AGENT_JOINED)).hasSize(1);
      assertThat(Scenes.events(result, EventTypes.AGENT_TAKEN_BACK)).isEmpty();
    }
  }

  @Test
  void aHostHearsOfTheEndWhenItsAgentsHaveLeftTheirThreadsThoughNoTimePasses() {
    var leave = new CountDownLatch(1);
    Team team = pair();
    try (var first = first(team);
        var second =
            node(two, there, ledgerThere, team)
                .contextPropagator(
                    task ->
                        () -> {
                          task.run();
                          awaitWhateverComes(leave);
                        })
                .build()) {
      Orchestration run = withoutBeta(first);
      Joined joined = joinAsBeta(second, run);
      OrchestrationResult result = run.completion().orTimeout(20, TimeUnit.SECONDS).join();

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(joined.completion()).isNotDone();
      leave.countDown();
      assertThat(end(joined)).isEqualTo(new JoinEnd.RunEnded(PipelineStatus.COMPLETED));
    }
  }

  private static void awaitWhateverComes(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void itEndsAsItDoesInOneProcess() {
    OrchestrationResult alone =
        Scenes.run(node(one, here, ledgerHere, pair()).checkpoints(Backends.checkpoints()), time);

    Team team = pair();
    try (var first = first(team);
        var second = second(team)) {
      Orchestration run = withoutBeta(first);
      Joined unused = joinAsBeta(second, run);
      OrchestrationResult result = Scenes.toTheEnd(run, time);
      assertThat(result.solution()).isEqualTo(alone.solution());
      assertThat(result.usage().calls()).isEqualTo(alone.usage().calls());
    }
  }

  @Test
  void aProcessIsLetInThatJoinsWhileTheCoordinatorIsStillAddingTheAgent() {
    Team team = pair();
    RunId id = RunId.random();
    try (var first = first(team);
        var second = second(team)) {
      one.whenSpawned(
          "beta",
          () -> {
            Joined unused = second.join(JoinRequest.of(id).roles("beta"));
            one.awaitDelivery();
          });
      RunRequest request = RunRequest.of("Reach something").id(id).elsewhere("beta");
      OrchestrationResult result = Scenes.toTheEnd(first.start(request), time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(there.calls()).hasSize(2);
      assertThat(Scenes.events(result, EventTypes.AGENT_TAKEN_BACK)).isEmpty();
    }
  }

  @Test
  void whereNobodyJoinsTheCoordinatorRunsTheAgentItself() {
    try (var first = node(one, here, ledgerHere, pair()).build()) {
      Orchestration run = first.start(RunRequest.of("Reach something").elsewhere("beta"));
      time.advanceWhenIdle(Duration.ofSeconds(9));
      assertThat(here.calls()).as("it waits for somebody").hasSize(2);
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(here.calls()).hasSize(4);
      assertThat(Scenes.events(result, EventTypes.AGENT_TAKEN_BACK)).hasSize(1);
    }
  }

  @Test
  void aStopReachesTheAgentsOfOtherProcesses() {
    Team team = slow();
    try (var first = first(team);
        var second = second(team)) {
      Orchestration run = withoutBeta(first);
      Joined joined = joinAsBeta(second, run);
      time.advanceWhenIdle(SECOND.multipliedBy(3));
      run.stop("enough");
      int made = there.calls().size();
      OrchestrationResult result = Scenes.toTheEnd(run, time);
      time.advanceWhenIdle(SECOND.multipliedBy(30));

      assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(result.agents())
          .extracting(AgentReport::status)
          .contains(AgentStatus.STOPPED)
          .doesNotContain(AgentStatus.RUNNING);
      assertThat(there.calls()).hasSize(made);
      assertThat(end(joined)).isEqualTo(new JoinEnd.RunEnded(PipelineStatus.STOPPED));
    }
  }

  @Test
  void theDeadlineOfTheRunEndsTheAgentsOfOtherProcesses() {
    Team team = slow();
    try (var first = first(team);
        var second = second(team)) {
      Orchestration run =
          first.start(
              RunRequest.of("Reach something")
                  .elsewhere("beta")
                  .timeout(SECOND.multipliedBy(4).plusMillis(500)));
      time.awaitIdle();
      Joined joined = joinAsBeta(second, run);
      OrchestrationResult result = Scenes.toTheEnd(run, time);
      int made = there.calls().size();
      time.advanceWhenIdle(SECOND.multipliedBy(30));

      assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
      assertThat(there.calls()).hasSize(made);
      assertThat(end(joined)).isEqualTo(new JoinEnd.RunEnded(PipelineStatus.TIMEOUT));
    }
  }

  @Test
  void aRevocationElsewhereIsOneAndTheWorkIsHandedToThePartner() {
    Team team =
        Team.of(
            DecisionRule.by("alpha"),
            Agent.of(
                "alpha",
                ctx -> {
                  while (ctx.handoffs().isEmpty()) {
                    boolean unused = ctx.awaitChange(ctx.proposals(), SECOND);
                  }
                  return "done for two";
                }),
            Agent.of("beta", TwoNodes::fail).errorBudget(new ErrorBudget(2, 5, 1)));
    try (var first = first(team);
        var second = second(team)) {
      Orchestration run = withoutBeta(first);
      Joined unused = joinAsBeta(second, run);
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(Scenes.events(result, EventTypes.AGENT_REVOKED)).hasSize(1);
      assertThat(result.handoffs()).hasSize(1);
      assertThat(result.handoffs().get(0).state()).isEqualTo(Handoff.State.CLAIMED);
    }
  }

  @Test
  void workIsHandedToAPartnerInAnotherProcess() {
    Team team =
        Team.of(
            DecisionRule.by("beta"),
            Agent.of("alpha", TwoNodes::fail).errorBudget(new ErrorBudget(2, 5, 1)),
            Agent.of(
                "beta",
                ctx -> {
                  while (ctx.handoffs().isEmpty()) {
                    boolean unused = ctx.awaitChange(ctx.proposals(), SECOND);
                  }
                  return "done for two";
                }));
    try (var first = first(team);
        var second = second(team)) {
      Orchestration run = withoutBeta(first);
      Joined unused = joinAsBeta(second, run);
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.solution()).contains(Payload.text("done for two"));
      assertThat(result.handoffs()).hasSize(1);
      assertThat(result.handoffs().get(0).state()).isEqualTo(Handoff.State.CLAIMED);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Team team = slow();
    try (var first = first(team);
        var second = second(team);
        var third = node(one.another(), there, new KeptLedger(), team).build();
        var alone = Orchestrator.builder().team(team).build()) {
      Orchestration run = withoutBeta(first);
      RunId id = run.id();
      refused(second, JoinRequest.of(RunId.random()).roles("beta"), Reason.UNKNOWN_RUN);
      refused(second, JoinRequest.of(id).roles("gamma"), Reason.UNKNOWN_ROLE);
      refused(second, JoinRequest.of(id).roles("alpha"), Reason.ROLE_TAKEN);
      refused(second, JoinRequest.of(id).roles("beta").team(pair()), Reason.DEFINITION_CHANGED);
      refused(first, JoinRequest.of(id).roles("beta"), Reason.ALREADY_HERE);
      refused(alone, JoinRequest.of(id).roles("beta"), Reason.NOT_SHARED);
      Joined unused = second.join(JoinRequest.of(id).roles("beta"));
      refused(second, JoinRequest.of(id), Reason.ALREADY_HERE);
      refused(third, JoinRequest.of(id).roles("beta"), Reason.ROLE_TAKEN);
      OrchestrationResult result = Scenes.toTheEnd(run, time);
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);

      assertThatThrownBy(() -> alone.start(RunRequest.of("x").elsewhere("beta")))
          .isInstanceOf(BadInputException.class);
      assertThatThrownBy(() -> second.start(RunRequest.of("x").elsewhere("delta")))
          .isInstanceOf(BadInputException.class);
    }
  }

  private static void refused(Orchestrator host, JoinRequest request, Reason reason) {
    assertThatThrownBy(() -> host.join(request))
        .isInstanceOfSatisfying(
            JoinRefusedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
