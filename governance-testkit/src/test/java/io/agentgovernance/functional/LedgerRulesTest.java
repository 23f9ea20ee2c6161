// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.FaultyLedger;
import io.agentgovernance.testkit.LedgerFault;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the ledger, and what happens when it fails (F27). */
class LedgerRulesTest {
  private final ManualTime time = Scenes.time();
  private final KeptLedger kept = new KeptLedger();
  private final FaultyLedger ledger = new FaultyLedger(kept, time);
  private final Bank bank = new Bank();
  private final AtomicInteger modelCalls = new AtomicInteger();

  // ---- what is in it

  @Test
  void theLedgerOfARunBeginsWithItsStartAndEndsWithItsStatus() {
    Team team =
        Team.of(
            DecisionRule.quorum("one"),
            Agent.of(
                    "one",
                    ctx -> {
                      ctx.model().ask(Prompt.user("question"));
                      ctx.tools().call("transfer", new Transfer(1));
                      ctx.blackboard().put("key", "value");
                      ctx.send("two", "hello");
                      ctx.propose("a way");
                      Scenes.untilBallots(ctx, 1);
                      ctx.solve("the solution");
                      return "";
                    })
                .tools("transfer"),
            Agent.of(
                "two",
                ctx -> ctx.vote(Scenes.untilBallots(ctx, 0), Choice.ACCEPT, "").state().name()));

    OrchestrationResult result = Scenes.run(builder().team(team), time);

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    List<LedgerEntry> all = kept.entries();
    assertThat(all.get(0).type()).isEqualTo(LedgerTypes.RUN_STARTED);
    LedgerEntry last = all.get(all.size() - 1);
    assertThat(last.type()).isEqualTo(LedgerTypes.STATUS);
    assertThat(KeptLedger.field(last, "status")).isEqualTo("COMPLETED");
    assertThat(all)
        .extracting(LedgerEntry::type)
        .contains(
            LedgerTypes.SPAWNED,
            LedgerTypes.WRITE,
            LedgerTypes.MESSAGE,
            LedgerTypes.PROPOSAL,
            LedgerTypes.BALLOT);
    assertThat(all).extracting(LedgerEntry::run).containsOnly(result.run());
    assertThat(kept.entries(LedgerTypes.INTENT)).hasSize(2);
    for (LedgerEntry intent : kept.entries(LedgerTypes.INTENT)) {
      String key = intent.idempotencyKey().replace("/intent", "/outcome");
      LedgerEntry outcome =
          all.stream().filter(e -> e.idempotencyKey().equals(key)).findFirst().orElseThrow();
      assertThat(outcome.type()).isEqualTo(LedgerTypes.OUTCOME);
      assertThat(outcome.sequence()).isGreaterThan(intent.sequence());
    }
    assertThat(kept.verify()).isInstanceOf(Verification.Ok.class);
    assertThat(result.warnings()).isEmpty();
  }

  @Test
  void theIntentIsThereBeforeTheEffectAndTheOutcomeBeforeTheBodyGoesOn() {
    var before = new AtomicReference<List<LedgerEntry>>();
    var after = new AtomicReference<List<LedgerEntry>>();

    Scenes.run(
        Orchestrator.builder()
            .ledger(ledger)
            .model(
                "m",
                (request, exchange) -> {
                  before.set(kept.entries());
                  return Scenes.reply("ok");
                })
            .team(
                only(
                    ctx -> {
                      ctx.model().ask(Prompt.user("question"));
                      after.set(kept.entries());
                      return "";
                    }))
            .tools(bank.transfer()),
        time);

    assertThat(last(before.get()).type()).isEqualTo(LedgerTypes.INTENT);
    assertThat(last(after.get()).type()).isEqualTo(LedgerTypes.OUTCOME);
  }

  @Test
  void revocationAndHandoffAreInTheLedger() {
    Scenes.run(
        builder()
            .team(
                only(
                    ctx -> {
                      throw Mishap.retryable("again and again");
                    })),
        time);

    assertThat(kept.entries(LedgerTypes.REVOKED)).hasSize(1);
    assertThat(kept.entries(LedgerTypes.HANDOFF))
        .extracting(entry -> KeptLedger.field(entry, "state"))
        .containsExactly("CREATED", "UNCLAIMED");
  }

  @Test
  void theLedgerHoldsDigestsAndNoTexts() {
    Scenes.run(
        builder()
            .team(
                only(
                    ctx -> {
                      ctx.model().ask(Prompt.user("the canary sings"));
                      ctx.tools().call("transfer", new Transfer(777_777));
                      ctx.blackboard().put("key", "the canary sings");
                      return "the canary sings";
                    })),
        time);

    assertThat(kept.entries())
        .allSatisfy(entry -> assertThat(entry.body().json()).doesNotContain("canary", "777777"));
  }

  // ---- when it fails

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

  private static LedgerEntry last(List<LedgerEntry> entries) {
    return entries.get(entries.size() - 1);
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

  private static Team only(AgentBody<String> body) {
    return Team.of(DecisionRule.by("one"), Agent.of("one", body).tools("transfer"));
  }

  private OrchestratorBuilder builder() {
    return Orchestrator.builder()
        .ledger(ledger)
        .tools(bank.transfer())
        .model(
            "m",
            (request, exchange) -> {
              modelCalls.incrementAndGet();
              return Scenes.reply("ok");
            });
  }
}
