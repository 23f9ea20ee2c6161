// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.Settings;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ExamplesTest {

  @Test
  void aToolReadsItsSecretAndWhatItTellsOfItIsRedacted() throws Exception {
    assertThat(Printed.by(SecretsOfTools::main))
        .contains("a1: 1,000 EUR (logged in with [redacted])")
        .doesNotContain("a-long-password-of-the-bank");
  }

  @Test
  void helloPrintsAReport() throws Exception {
    assertThat(Printed.by(Hello::main))
        .startsWith("COMPLETED\n# Report of run ")
        .contains("Objective: Design a caching strategy for 10k reads/s")
        .contains("decided by QUORUM")
        .contains("## Solution");
  }

  @Test
  void ownAgentsAndToolsPrintsTheMemo() throws Exception {
    assertThat(Printed.by(OwnAgentsAndTools::main))
        .isEqualToNormalizingNewlines(
            """
            COMPLETED: approve with collateral
            because a score of 72 is above 50
            2 model calls
            """);
  }

  @Test
  void denyingPolicyKeepsTheSecondTransferFromHappening() throws Exception {
    assertThat(Printed.by(DenyingPolicy::main))
        .isEqualToNormalizingNewlines(
            """
            the bank moves 900 euros to Alma
            COMPLETED: paid Alma; not Bruno: TRANSFER_LIMIT
            tool:transfer denied by TransferLimit@2026-01: more than 10,000 euros
            """);
  }

  @Test
  void humanApprovalRepeatsNoModelCall() throws Exception {
    assertThat(Printed.by(HumanApproval::main))
        .isEqualToNormalizingNewlines(
            """
            AWAITING_APPROVAL after 1 model call
            May this letter go out? {"text":"Your limit was raised.","to":"4711"}
            sent to 4711: Your limit was raised.
            COMPLETED: L-1
            1 model call in all: its reply was taken from the journal
            """);
  }

  @Test
  void emergencyStopConfirmsTheAgentAndKeepsWhatWasDone() throws Exception {
    assertThat(Printed.by(EmergencyStop::main))
        .containsPattern("(?m)^\\w+-writer CONFIRMED$")
        .contains("Partial report of run ")
        .contains("The run was stopped by host: wrong customer file.")
        .contains("### collector\n\n3 invoices are open");
  }

  @Test
  void stuckTeamIsMediatedAfterThirtySecondsOfManualTime() throws Exception {
    ManualTime time = ManualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    try (var orchestrator = StuckTeam.configured().time(time).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Review the onboarding process"));

      time.advanceWhenIdle(Settings.DEFAULTS.gammaStuckThreshold().minusNanos(1));
      time.awaitIdle();
      assertThat(run.status().isTerminal()).isFalse();
      time.advanceWhenIdle(Duration.ofNanos(1));
      OrchestrationResult result = run.await();

      assertThat(Printed.by(args -> StuckTeam.print(result)))
          .isEqualToNormalizingNewlines(
              """
              mediated because of STUCK: COMPLETED
              COMPLETED: reviewed after STUCK: findings on cost, risk and time
              """);
    }
  }

  @Test
  void conflictingTeamIsGivenADecision() throws Exception {
    assertThat(Printed.by(ConflictingTeam::main))
        .startsWith("mediated because of CONFLICT\nGAMMA chose that of ")
        .endsWith("-cautious\nCOMPLETED: wrap the old system\n");
  }

  @Test
  void complexObjectiveIsTakenApart() throws Exception {
    assertThat(Printed.by(ComplexObjective::main))
        .startsWith("mediated because of COMPLEXITY\nCOMPLETED: planned in this order. ")
        .contains("sub-objectives");
  }

  @Test
  void budgetsRefuseTheCallAndRevokeTheAgent() throws Exception {
    assertThat(Printed.by(Budgets::main))
        .startsWith("COMPLETED: a short summary\ndenied: the call could take ")
        .contains("1 call was made, for 0.000480 USD\n")
        .contains("fetcher REVOKED, 3\neditor COMPLETED, 0\n")
        .endsWith(
            "COMPLETED: went on after tool:fetch: ToolFailedException with"
                + " [\"title\",\"author\"]\n");
  }

  @Test
  void ownModelAnswersThroughItsClient() throws Exception {
    assertThat(Printed.by(OwnModel::main))
        .isEqualToNormalizingNewlines(
            """
            COMPLETED: An answer to: Which form do I need?
            14 tokens
            """);
  }

  @Test
  void ownModelEndsTheCallOfItsClientWhenTheRunIsStopped() throws Exception {
    var pending = new CompletableFuture<OwnModel.Answer>();
    var asked = new CountDownLatch(1);
    var model =
        new OwnModel.HouseModel(
            (messages, maxTokens) -> {
              asked.countDown();
              return pending;
            });

    Agent helper = Agent.of("helper", ctx -> ctx.model().ask(Prompt.user("Help")).text());
    Team team = Team.of(DecisionRule.by("helper"), helper);
    try (var orchestrator = Orchestrator.builder().model("house", model).team(team).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Help"));
      asked.await();
      assertThat(run.stop("enough").confirmed()).isTrue();
    }

    assertThat(pending).isCancelled();
  }

  @Test
  void watchingEventsReplaysFollowsAndCounts() throws Exception {
    assertThat(Printed.by(WatchingEvents::main))
        .contains("1 orchestration_started\n")
        .contains(" consensus_reached\n")
        .contains("{\"type\":\"orchestration_complete\"")
        .contains("COMPLETED\n4 model calls, 0 errors\nvotes pushed: ");
  }

  @Test
  void aKilledRunIsFinishedByAnotherProcess() throws Exception {
    assertThat(Printed.by(KilledAndResumed::main))
        .startsWith(
            """
            first process: model asked for the risks
            first process: the first answer is kept
            first process: exit code 137
            model asked for the plan
            COMPLETED: buy sandbags
            2 model calls in both processes together
            repeated model calls: 0
            verify: Ok[""");
  }

  @Test
  @Timeout(60)
  void aRollingDeployGoesOnWithTheRunsOfTheOldApplication() throws Exception {
    assertThat(Printed.by(RollingDeploy::main))
        .isEqualToNormalizingNewlines(
            """
            STOPPED, STOPPED
            COMPLETED: A letter
            COMPLETED: A speech
            unfinished: 0
            answers of the model: 4
            """);
  }
}
