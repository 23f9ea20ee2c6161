// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.LedgerFault;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens when the ledger fails (F27). */
class LedgerRulesTest extends Ledgered {
  static Stream<LedgerFault> faults() {
    return Stream.of(
        new LedgerFault.Unavailable(),
        new LedgerFault.Hang(),
        new LedgerFault.ThrowOnAppend(),
        new LedgerFault.LostAcknowledgement(),
        new LedgerFault.FailAfter(0),
        new LedgerFault.Slow(Duration.ofSeconds(3)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aToolIsNotCalledWhenItsIntentCannotBeWritten(LedgerFault fault) {
    OrchestrationResult result =
        Scenes.run(builder().team(faulty(fault, c -> c.tools().call("transfer", money()))), time);

    assertThat(bank.transferred()).isEmpty();
    assertDenied(result);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aModelIsNotCalledWhenItsIntentCannotBeWrittenAndNothingStaysReserved(LedgerFault fault) {
    OrchestrationResult result =
        Scenes.run(
            builder().team(faulty(fault, c -> c.model().ask(Prompt.user("question")))), time);

    assertThat(modelCalls).hasValue(0);
    assertThat(result.usage().committedTokens()).isZero();
    assertDenied(result);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void nothingIsWrittenWhenItsEntryCannotBe(LedgerFault fault) {
    OrchestrationResult result =
        Scenes.run(builder().team(faulty(fault, c -> c.blackboard().put("key", "value"))), time);

    assertThat(Scenes.events(result, EventTypes.BLACKBOARD_WRITE)).isEmpty();
    assertDenied(result);
  }

  @Test
  void aLedgerThatIsSlowButInTimeAllows() {
    OrchestrationResult result =
        Scenes.run(
            builder()
                .team(
                    faulty(
                        new LedgerFault.Slow(Duration.ofSeconds(1)),
                        c -> c.tools().call("transfer", money()))),
            time);

    assertThat(bank.transferred()).containsExactly(1L);
    assertThat(result.denials()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"WRITE,blackboard_write", "MESSAGE,agent_message", "PROPOSAL,proposal_posted"})
  void anInternalActionNeedsItsOneEntry(String type, String event) {
    Map<String, Consumer<AgentContext>> actions =
        Map.of(
            "WRITE", c -> c.blackboard().put("key", "value"),
            "MESSAGE", c -> c.broadcast("hello"),
            "PROPOSAL", c -> c.propose("a way"));
    ledger.inject(new LedgerFault.FailOnType(type));

    OrchestrationResult result = Scenes.run(builder().team(only(trying(actions.get(type)))), time);

    assertThat(Scenes.events(result, event)).isEmpty();
    assertThat(result.solution()).contains(Payload.text("LEDGER_FAILED"));
  }

  @Test
  void aRunWhoseStartCannotBeRecordedDoesNotStart() {
    var bodies = new AtomicInteger();
    RunRequest request = RunRequest.of("Reach something").id(RunId.of("my-run"));
    try (var orchestrator =
        builder().team(only(ctx -> "" + bodies.incrementAndGet())).time(time).build()) {
      ledger.inject(new LedgerFault.Unavailable());
      assertThatThrownBy(() -> orchestrator.start(request))
          .isInstanceOf(LedgerUnavailableException.class);
      assertThat(orchestrator.find(RunId.of("my-run"))).isEmpty();
      assertThat(bodies).hasValue(0);

      ledger.heal();
      OrchestrationResult result =
          Scenes.toTheEnd(orchestrator.start(RunRequest.of("Reach something")), time);

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(bodies).hasValue(1);
    }
  }

  @Test
  void aToolResultWhoseOutcomeCannotBeRecordedIsWithheldAndTheRunEnds() {
    var got = new AtomicInteger();
    ledger.inject(new LedgerFault.FailOnType(LedgerTypes.OUTCOME));

    OrchestrationResult result =
        Scenes.run(
            builder()
                .team(
                    only(
                        ctx -> {
                          ctx.tools().call("transfer", money());
                          got.incrementAndGet();
                          return "";
                        })),
            time);

    assertThat(bank.transferred()).containsExactly(1L);
    assertThat(got).as("the body saw the result").hasValue(0);
    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("LEDGER"));
  }

  @Test
  void aReplyWhoseOutcomeCannotBeRecordedIsWithheldAndChargedAndTheRunEnds() {
    var got = new AtomicInteger();
    ledger.inject(new LedgerFault.FailOnType(LedgerTypes.OUTCOME));

    OrchestrationResult result =
        Scenes.run(
            builder()
                .team(
                    only(
                        ctx -> {
                          ctx.model().ask(Prompt.user("question"));
                          got.incrementAndGet();
                          return "";
                        })),
            time);

    assertThat(modelCalls).hasValue(1);
    assertThat(got).hasValue(0);
    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    assertThat(result.usage().tokens()).isEqualTo(2);
    assertThat(result.usage().reservedTokens()).isZero();
  }

  @Test
  void aRevocationDoesNotWaitForTheLedger() {
    ledger.inject(new LedgerFault.FailOnType(LedgerTypes.REVOKED));

    OrchestrationResult result =
        Scenes.run(
            builder()
                .team(
                    only(
                        ctx -> {
                          throw Mishap.retryable("again and again");
                        })),
            time);

    AgentReport agent = result.agents().get(0);
    assertThat(agent.status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(result.handoffs()).hasSize(1);
    assertThat(result.warnings()).anyMatch(warning -> warning.contains("REVOKED"));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aRunEndsAlsoWhenItsStatusCannotBeRecorded(LedgerFault fault) {
    OrchestrationResult result =
        Scenes.run(
            builder()
                .team(
                    only(
                        ctx -> {
                          ledger.inject(fault);
                          return "done";
                        })),
            time);

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.warnings()).isNotEmpty();
  }

  private static Transfer money() {
    return new Transfer(1);
  }

  private static void assertDenied(OrchestrationResult result) {
    assertThat(result.solution()).contains(Payload.text("LEDGER_FAILED"));
    assertThat(result.denials()).singleElement().matches(d -> d.policy().equals("ledger"));
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  /** Tries something while the ledger has a fault. */
  private Team faulty(LedgerFault fault, Consumer<AgentContext> action) {
    return only(
        ctx -> {
          ledger.inject(fault);
          String rule = trying(action).run(ctx);
          ledger.heal();
          return rule;
        });
  }

  private static AgentBody<String> trying(Consumer<AgentContext> action) {
    return ctx -> {
      try {
        action.accept(ctx);
        return "";
      } catch (DeniedException e) {
        return e.rule();
      }
    };
  }
}
