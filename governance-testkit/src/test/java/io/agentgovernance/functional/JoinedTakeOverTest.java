// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.JoinRequest.WhenLeft;
import io.agentgovernance.Joined;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A process at a run is lost or leaves: who goes on with what it had. */
class JoinedTakeOverTest extends TwoNodes {
  @Test
  void anAgentWhoseProcessDiedIsTakenBackAndRepeatsNoFinishedCall() {
    Team team = slow();
    try (var first = first(team);
        var second = second(team)) {
      Orchestration run = withoutBeta(first);
      Joined unused = joinAsBeta(second, run);
      time.advanceWhenIdle(Duration.ofMillis(2_500));
      int made = there.calls().size();
      assertThat(made).isEqualTo(3);
      two.cut();
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(there.calls())
          .as("nothing after it was cut off")
          .hasSizeLessThanOrEqualTo(made + 1);
      assertThat(here.calls()).doesNotContainAnyElementsOf(there.calls().subList(0, made));
      assertThat(result.usage().calls()).isEqualTo(10);
      assertThat(Scenes.events(result, EventTypes.AGENT_TAKEN_BACK)).hasSize(1);
    }
  }

  @Test
  void aHostThatLeavesHandsItsAgentsBack() {
    Team team = slow();
    try (var first = first(team);
        var second = second(team)) {
      Orchestration run = withoutBeta(first);
      Joined joined = joinAsBeta(second, run);
      time.advanceWhenIdle(Duration.ofMillis(2_500));
      joined.leave("for lunch");
      time.advanceWhenIdle(Duration.ofMillis(2_500));
      assertThat(end(joined)).isEqualTo(new JoinEnd.Left("for lunch"));
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(here.calls()).doesNotContainAnyElementsOf(there.calls());
      assertThat(here.calls().size() + there.calls().size()).isEqualTo(10);
    }
  }

  @Test
  void aJoinedHostTakesTheRunOverWhoseCoordinatorDied() {
    Team team = slow();
    try (var first = first(team);
        var second = second(team)) {
      Orchestration run = withoutBeta(first);
      Joined joined = joinAsBeta(second, run);
      time.advanceWhenIdle(SECOND.multipliedBy(3));
      int made = here.calls().size();
      one.cut();
      while (!joined.completion().isDone() && time.advanceWhenIdle()) {
        time.awaitIdle();
      }
      JoinEnd.TakenOver taken = (JoinEnd.TakenOver) end(joined);
      OrchestrationResult result = Scenes.toTheEnd(taken.run(), time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(there.calls()).doesNotContainAnyElementsOf(here.calls().subList(0, made));
      assertThat(there.calls()).doesNotHaveDuplicates();
      assertThat(result.usage().calls()).isEqualTo(10);
    }
  }

  @Test
  void aRollingDeployHandsTheRunToAHostThatStandsBy() {
    Team team = slow();
    try (var second = second(team)) {
      Joined standby;
      try (var first = node(one, here, ledgerHere, team).build()) {
        Orchestration run = first.start(RunRequest.of("Reach something"));
        time.awaitIdle();
        standby = second.join(JoinRequest.of(run.id()));
        time.advanceWhenIdle(SECOND.multipliedBy(3));
      }
      while (!standby.completion().isDone() && time.advanceWhenIdle()) {
        time.awaitIdle();
      }
      JoinEnd.TakenOver taken = (JoinEnd.TakenOver) end(standby);
      OrchestrationResult result = Scenes.toTheEnd(taken.run(), time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(there.calls()).doesNotContainAnyElementsOf(here.calls());
    }
  }

  @Test
  void aHostThatDoesNotTakeOverLeavesTheRunToBeRecovered() {
    Team team = slow();
    try (var first = first(team);
        var second = second(team);
        var third = node(one.another(), there, new KeptLedger(), team).build()) {
      Orchestration run = withoutBeta(first);
      Joined joined = second.join(JoinRequest.of(run.id()).roles("beta").whenLeft(WhenLeft.LEAVE));
      time.advanceWhenIdle(SECOND.multipliedBy(3));
      assertThat(third.unfinished(10)).allMatch(each -> each.held());
      one.cut();
      while (!joined.completion().isDone() && time.advanceWhenIdle()) {
        time.awaitIdle();
      }
      assertThat(end(joined)).isInstanceOf(JoinEnd.Left.class);
      assertThat(third.unfinished(10)).noneMatch(each -> each.held());
      OrchestrationResult result = Scenes.toTheEnd(third.resume(run.id()), time);
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }
}
