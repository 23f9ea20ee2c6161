// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static io.agentgovernance.testkit.LedgerAssert.assertThat;
import static io.agentgovernance.testkit.RunAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.internal.roles.Prompts;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.AuditLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StandardScriptsTest {
  private final AuditLedger ledger = Ledgers.memory();

  @Test
  void everyReplyHasTheShapeItsPromptAsksFor() {
    Map<Prompts, Payload[]> replies =
        Map.of(
            Prompts.RESEARCH, new Payload[] {StandardReplies.research("t")},
            Prompts.CRITERIA, new Payload[] {StandardReplies.criteria()},
            Prompts.SYNTHESIS_EVALUATE,
                new Payload[] {
                  StandardReplies.accept(),
                  StandardReplies.reject("r"),
                  StandardReplies.counter("r", "t")
                },
            Prompts.SYNTHESIS_SOLUTION, new Payload[] {StandardReplies.solution("b")},
            Prompts.REVISE, new Payload[] {StandardReplies.proposal("t")},
            Prompts.MEDIATOR,
                new Payload[] {
                  StandardReplies.directive("d"),
                  StandardReplies.choice("p1"),
                  StandardReplies.merged("t"),
                  StandardReplies.division("a", "b")
                });

    assertThat(replies).containsOnlyKeys(Prompts.values());
    replies.forEach(
        (prompt, payloads) -> {
          for (Payload payload : payloads) {
            assertThat(prompt.reply().problems(payload)).as(prompt.name()).isEmpty();
          }
        });
  }

  @Test
  void anAgreeingTeamCompletes() {
    OrchestrationResult result = run(StandardScripts.agreeing());

    assertThat(result)
        .completed()
        .decidedBy("QUORUM")
        .hasSolutionContaining(StandardScripts.SOLUTION)
        .proposals(1)
        .handoffs(0)
        .spawnedNoMediator()
        .hasNoDenials()
        .hasNoWarnings()
        .abandonedThreads(0)
        .agents(2)
        .agent("ALPHA")
        .completed()
        .agent("BETA")
        .completed()
        .hasErrors(0)
        .hasOutputContaining(StandardScripts.SOLUTION);
    assertThat(ledger).isSound().ofRun(result.run()).isSound().hasEntries("DENIED", 0);
  }

  @Test
  void aRejectedProposalIsRevised() {
    OrchestrationResult result = run(StandardScripts.rejecting(1));

    assertThat(result).completed().decidedBy("QUORUM").proposals(2).spawnedNoMediator();
  }

  @Test
  void threeRejectionsAreAConflictThatTheMediatorEnds() {
    OrchestrationResult result = run(StandardScripts.rejecting(3));

    assertThat(result).completed().decidedBy("GAMMA").spawnedMediatorOnce(MediationReason.CONFLICT);
  }

  @Test
  void aTeamWithCounterProposalsCompletes() {
    OrchestrationResult result = run(StandardScripts.countering(1));

    assertThat(result).completed().hasSolutionContaining("proposed");
    assertThat(result.proposals())
        .extracting(proposal -> proposal.author())
        .contains(result.agent("BETA").orElseThrow().id());
  }

  @Test
  void aTeamThatDisagreesHasNoConsensus() {
    ManualTime time = ManualTime.startingAt(Instant.EPOCH);
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .model("scripted", StandardScripts.disagreeing())
            .ledger(ledger)
            .time(time)
            .build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Choose a cache."));

      assertThat(time.advanceUntilDone(run.completion()))
          .outcome(
              Outcome.TimedOut.class,
              timedOut -> assertThat(timedOut.after()).isEqualTo(Duration.ofMinutes(2)))
          .hasNoSolution()
          .spawnedMediatorOnce(MediationReason.CONFLICT)
          .spawnedMediatorOnce(MediationReason.STUCK);
    }
  }

  @Test
  void theMediatorCanMerge() {
    OrchestrationResult result = run(StandardScripts.merging());

    assertThat(result).completed().decidedBy("GAMMA");
    assertThat(result.accepted().orElseThrow().content().text()).contains("Proposal of GAMMA");
  }

  @Test
  void aScriptedTurnComesBeforeTheStandardOne() {
    ScriptedModel model = StandardScripts.agreeing();
    model.on("BETA").turn(3).reply(StandardReplies.solution("Something else."));

    assertThat(run(model)).completed().hasSolutionContaining("Something else.");
  }

  @Test
  void whatIsNotOfTheStandardTeamIsRefused() {
    var ask = new Asking(StandardScripts.agreeing());

    assertThatThrownBy(() -> ask.as("ALPHA", 1))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("role ALPHA, phase EXECUTE, turn 1 asks for text, expected one of");
    assertThatIllegalArgumentException().isThrownBy(() -> StandardScripts.rejecting(-1));
  }

  @Test
  void anUnscriptedCallFailsItsAgent() {
    ScriptedModel model = ScriptedModel.create().on("BETA").reply("x").model();

    OrchestrationResult result = run(model);

    assertThat(result)
        .outcome(Outcome.Failed.class)
        .hasNoSolution()
        .agent("ALPHA")
        .failed()
        .hasFailureContaining("role ALPHA, phase EXECUTE, turn 1 is not scripted");
    assertThat(model.unscripted()).isNotEmpty();
  }

  private OrchestrationResult run(ScriptedModel model) {
    try (Orchestrator orchestrator =
        Orchestrator.builder().model("scripted", model).ledger(ledger).build()) {
      return orchestrator.run("Choose a cache.");
    }
  }
}
