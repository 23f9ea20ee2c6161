// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.testkit.FaultyCheckpointStore;
import io.agentgovernance.testkit.FaultyCoordination;
import io.agentgovernance.testkit.StoreFault;
import io.agentgovernance.time.TimeSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the stores fail: nothing is allowed, and the run ends (F27). */
class StoreFaultTest {
  private final Bank bank = new Bank();
  private final KeptLedger ledger = new KeptLedger();
  private final AtomicInteger modelCalls = new AtomicInteger();
  private final FaultyCoordination store =
      new FaultyCoordination(Backends.coordination(TimeSource.system()), TimeSource.system());
  private final FaultyCheckpointStore checkpoints =
      new FaultyCheckpointStore(Backends.checkpoints(), TimeSource.system());

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write", "message", "proposal"})
  void withoutTheCoordinationStoreNothingHappensAndTheRunEnds(String kind) {
    OrchestrationResult result =
        run(
            ctx -> {
              store.inject(new StoreFault.Unavailable());
              actions().get(kind).accept(ctx);
              return "done";
            });

    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    assertThat(bank.transferred()).isEmpty();
    assertThat(modelCalls).hasValue(0);
    assertThat(result.timeline())
        .noneMatch(event -> event.type().equals(EventTypes.BLACKBOARD_WRITE))
        .noneMatch(event -> event.type().equals(EventTypes.AGENT_MESSAGE))
        .noneMatch(event -> event.type().equals(EventTypes.PROPOSAL_POSTED));
    assertThat(result.warnings()).isNotEmpty();
  }

  @Test
  void aRunThatLostItsStoreStillSaysWhatItsAgentsHadDone() {
    OrchestrationResult result =
        run(
            ctx -> {
              store.inject(new StoreFault.Unavailable());
              ctx.blackboard().put("key", "value");
              return "done";
            });

    assertThat(result.agents()).hasSize(1);
    assertThat(result.agents().get(0).outputs())
        .extracting(AgentOutput::phase)
        .containsExactly(AgentPhase.BOOTSTRAP, AgentPhase.PREFLIGHT, AgentPhase.PLAN);
    assertThat(result.report()).isNotBlank();
  }

  @Test
  void aStoreThatIsGoneAtTheVeryEndDoesNotKeepTheRunFromEnding() {
    OrchestrationResult result =
        run(
            ctx -> {
              store.inject(new StoreFault.Unavailable(), Command.SetStatus.class);
              return "done";
            });

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.warnings()).anyMatch(warning -> warning.contains("status"));
  }

  @Test
  void aFailureOfTheStoreIsNoErrorOfTheAgent() {
    OrchestrationResult result =
        run(
            ctx -> {
              store.injectOnce(new StoreFault.Unavailable(), Command.Write.class);
              ctx.blackboard().put("key", "value");
              return "done";
            });

    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("COORDINATION"));
    assertThat(result.agents().get(0).errors()).isZero();
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.STOPPED);
  }

  @Test
  void aBodyThatKnowsHowMayGoOn() {
    OrchestrationResult result =
        run(
            ctx -> {
              store.injectOnce(new StoreFault.Unavailable(), Command.Write.class);
              try {
                ctx.blackboard().put("key", "value");
              } catch (CoordinationUnavailableException e) {
                ctx.blackboard().put("key", "value");
              }
              return "done";
            });

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(Scenes.events(result, EventTypes.BLACKBOARD_WRITE)).hasSize(1);
  }

  @Test
  void aRunThatCannotBeCreatedIsNotStarted() {
    store.inject(new StoreFault.Unavailable());
    var bodies = new AtomicInteger();
    try (var orchestrator = builder(ctx -> "" + bodies.incrementAndGet()).build()) {
      assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Reach something")))
          .isInstanceOf(CoordinationUnavailableException.class);
    }
    assertThat(bodies).hasValue(0);
  }

  @Test
  void aReplyThatCannotBeRememberedIsWithheldAndTheRunEnds() {
    var got = new AtomicInteger();
    OrchestrationResult result =
        run(
            ctx -> {
              checkpoints.inject(new StoreFault.Unavailable());
              ctx.model().ask(Prompt.user("question"));
              got.incrementAndGet();
              return "done";
            });

    assertThat(got).hasValue(0);
    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    assertThat(result.usage().reservedTokens()).as("nothing stays reserved").isZero();
  }

  @Test
  void withoutTheCheckpointStoreNoToolIsCalled() {
    OrchestrationResult result =
        run(
            ctx -> {
              checkpoints.inject(new StoreFault.Unavailable());
              return ctx.tools().call("transfer", new Transfer(1)).text();
            });

    assertThat(bank.transferred()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    assertThat(ledger.entries(LedgerTypes.STATUS)).hasSize(1);
  }

  private static Map<String, Consumer<AgentContext>> actions() {
    return Map.of(
        "model", ctx -> ctx.model().ask(Prompt.user("question")),
        "tool", ctx -> ctx.tools().call("transfer", new Transfer(1)),
        "write", ctx -> ctx.blackboard().put("key", "value"),
        "message", ctx -> ctx.broadcast("hello"),
        "proposal", ctx -> ctx.propose("a way"));
  }

  private OrchestrationResult run(AgentBody<String> body) {
    try (var orchestrator = builder(body).build()) {
      return orchestrator
          .start(RunRequest.of("Reach something"))
          .completion()
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    }
  }

  private OrchestratorBuilder builder(AgentBody<String> body) {
    return Orchestrator.builder()
        .blackboard(store)
        .checkpoints(checkpoints)
        .ledger(ledger)
        .tools(bank.transfer())
        .model(
            "m",
            (request, exchange) -> {
              modelCalls.incrementAndGet();
              return Scenes.reply("ok");
            })
        .team(Team.of(DecisionRule.by("one"), Agent.of("one", body).tools("transfer")));
  }
}
