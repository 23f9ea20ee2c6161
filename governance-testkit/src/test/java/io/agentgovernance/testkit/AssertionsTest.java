// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.Outcome;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.AuditLedger;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the assertions of the kit refuse; what they let through is shown by the other tests. */
class AssertionsTest {
  private static final RunId RUN = RunId.of("run");

  private final AuditLedger ledger = Ledgers.memory();

  @Test
  void aRunThatIsDifferentIsRefused() {
    OrchestrationResult result = agreeing();
    RunAssert run = RunAssert.assertThat(result);

    Stream.<ThrowingCallable>of(
            () -> run.outcome(Outcome.TimedOut.class),
            () -> run.decidedBy("GAMMA"),
            () -> run.hasSolutionContaining("elephant"),
            run::hasNoSolution,
            () -> run.revoked("ALPHA"),
            () -> run.agent("GAMMA"),
            () -> run.agents(3),
            () -> run.agents("ALPHA", 2),
            () -> run.spawnedMediatorOnce(MediationReason.STUCK),
            () -> run.handoffs(1),
            () -> run.proposals(0),
            () -> run.deniedBy("RULE"),
            () -> run.abandonedThreads(1),
            () -> run.hasEvents("no_such_event"),
            () -> run.agent("BETA").phase(AgentPhase.PLAN),
            () -> run.agent("BETA").hasErrors(1),
            () -> run.agent("BETA").finished(AgentPhase.EXECUTE),
            () -> run.agent("BETA").hasOutputContaining("elephant"),
            () -> run.agent("BETA").hasFailureContaining("elephant"),
            () -> run.agent("BETA").abandoned())
        .forEach(
            refused ->
                assertThatThrownBy(refused)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining(result.run().value()));
  }

  @Test
  void aRefusalSaysHowTheRunCameOutButNotWhatWasWritten() {
    assertThatThrownBy(() -> RunAssert.assertThat(agreeing()).outcome(Outcome.NoConsensus.class))
        .hasMessageContaining("expected outcome NoConsensus but found COMPLETED")
        .hasMessageContaining("Accepted by QUORUM")
        .hasMessageContaining("-beta COMPLETED in EXIT")
        .message()
        .doesNotContain(StandardScripts.SOLUTION);
  }

  @Test
  void anIntentWithoutOutcomeIsRefused() {
    append(LedgerTypes.INTENT, "a/intent", Map.of());

    assertThatThrownBy(() -> LedgerAssert.assertThat(ledger).everyIntentHasItsOutcome())
        .hasMessageContaining("1 have none")
        .hasMessageContaining("#1 INTENT a/intent");
    append(LedgerTypes.OUTCOME, "a/outcome", Map.of());
    LedgerAssert.assertThat(ledger).isSound().hasTypesInOrder("INTENT", "OUTCOME");
  }

  @Test
  void anOutcomeWithoutIntentIsRefused() {
    append(LedgerTypes.OUTCOME, "a/outcome", Map.of());

    assertThatThrownBy(() -> LedgerAssert.assertThat(ledger).everyIntentHasItsOutcome())
        .hasMessageContaining("before its outcome #1");
  }

  @Test
  void missingAndUnwantedEntriesAreRefused() {
    append(LedgerTypes.NOTE, "a", Map.of("text", "a secret"));
    LedgerAssert all = LedgerAssert.assertThat(ledger);

    assertThatThrownBy(() -> all.hasEntries(LedgerTypes.NOTE, 2))
        .hasMessageContaining("expected 2 entries of type NOTE but found 1");
    assertThatThrownBy(() -> all.hasNowhere("secret")).hasMessageContaining("it is in #1 NOTE a");
    assertThatThrownBy(() -> all.hasTypesInOrder("NOTE", "NOTE"))
        .isInstanceOf(AssertionError.class);
    all.ofRun(RunId.of("another")).hasEntries(LedgerTypes.NOTE, 0).hasNowhere("secret");
  }

  @Test
  void aClosedLedgerDoesNotVerify() {
    ledger.close();

    assertThatThrownBy(() -> LedgerAssert.assertThat(ledger).verifies())
        .hasMessageContaining("Unreadable");
  }

  @Test
  void timeIsMovedUntilAFutureIsDone() {
    var time = ManualTime.startingAt(Instant.EPOCH);
    var done = new java.util.concurrent.CompletableFuture<Instant>();
    time.schedule(java.time.Duration.ofHours(1), () -> done.complete(time.now()));

    assertThat(time.advanceUntilDone(done)).isEqualTo(Instant.EPOCH.plusSeconds(3600));
  }

  private void append(String type, String key, Map<String, ?> body) {
    ledger
        .append(
            new LedgerDraft(
                RUN, null, TenantId.DEFAULT, type, Instant.EPOCH, key, Payload.of(body)))
        .join();
  }

  private static OrchestrationResult agreeing() {
    try (Orchestrator orchestrator =
        Orchestrator.builder().model("scripted", StandardScripts.agreeing()).build()) {
      return orchestrator.run("Choose a cache.");
    }
  }
}
