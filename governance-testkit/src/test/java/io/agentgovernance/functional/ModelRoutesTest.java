// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which route a call of a model takes, and when it is tried again. */
class ModelRoutesTest extends AskingModels {
  private final AtomicInteger second = new AtomicInteger();

  @Test
  void whenARouteFailsTheNextAnswersEachWithItsOwnReservation() {
    OrchestrationResult result =
        run(
            asking(1)
                .model("first", failing(first, Kind.NOT_FOUND))
                .model("second", answering(second)));

    assertThat(first).hasValue(1);
    assertThat(second).hasValue(1);
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.agents().get(0).errors()).as("the fallback answered").isZero();
    assertThat(ledger.entries(LedgerTypes.INTENT))
        .extracting(entry -> KeptLedger.field(entry, "route"))
        .containsExactly("first", "second");
    assertThat(ledger.entries(LedgerTypes.OUTCOME))
        .extracting(entry -> KeptLedger.field(entry, "result"))
        .containsExactly("NOT_FOUND", "REPLY");
    assertThat(ledger.entries(LedgerTypes.INTENT))
        .extracting(LedgerEntry::idempotencyKey)
        .doesNotHaveDuplicates();
    assertThat(result.usage().committedTokens()).isEqualTo(2);
  }

  @Test
  void whatWouldBeTheSameAnywhereIsNotTriedElsewhere() {
    OrchestrationResult result =
        run(
            asking(1)
                .model("first", failing(first, Kind.INVALID_REQUEST))
                .model("second", answering(second)));

    assertThat(second).hasValue(0);
    assertThat(result.agents().get(0).errors()).isEqualTo(1);
  }

  @Test
  void theFifthFailureInARowOpensARouteAndTheNextTakesOver() {
    OrchestrationResult result =
        run(
            asking(8)
                .model("first", failing(first, Kind.NOT_FOUND))
                .model("second", answering(second)));

    assertThat(first).hasValue(5);
    assertThat(second).hasValue(8);
    assertThat(result.agents().get(0).errors()).isZero();
  }

  @Test
  void attemptsCountForTheBreakerAndAFailedCallOnceForTheAgent() {
    OrchestrationResult result = run(asking(1).model("first", failing(first, Kind.UNAVAILABLE)));

    assertThat(first).as("attempts").hasValue(3);
    assertThat(result.agents().get(0).errors()).isEqualTo(1);
  }

  @Test
  void anOpenRouteIsProbedAfterHalfAMinute() {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              ask(ctx, 5);
              ctx.receive(Duration.ofSeconds(31));
              return ctx.model().ask(Prompt.user("again?")).text();
            });
    Agent other = Agent.of("other", ctx -> ctx.awaitOutput("one", String.class));
    ChatModel recovers =
        (request, exchange) -> {
          if (first.incrementAndGet() <= 5) {
            throw new ModelException(Kind.NOT_FOUND, "not there yet");
          }
          return Scenes.reply("back");
        };

    OrchestrationResult result =
        run(
            Orchestrator.builder()
                .model("first", recovers)
                .model("second", answering(second))
                .team(Team.of(DecisionRule.by("one"), one, other).withoutMediator()));

    assertThat(result.solution()).contains(Payload.text("back"));
  }

  @Test
  void aRetryWaitsAsLongAsTheProviderAsks() {
    List<Duration> at = new CopyOnWriteArrayList<>();
    ChatModel limited =
        (request, exchange) -> {
          at.add(Duration.between(Scenes.START, exchange.time().now()));
          if (at.size() == 1) {
            throw ModelException.of(Kind.RATE_LIMITED, "slow down")
                .retryAfter(Duration.ofSeconds(17))
                .build();
          }
          return Scenes.reply("ok");
        };

    OrchestrationResult result = run(asking(1).model("first", limited));

    assertThat(at).containsExactly(Duration.ZERO, Duration.ofSeconds(17));
    assertThat(result.agents().get(0).errors()).isZero();
  }

  @Test
  void aFailureThatSaysSoIsNotTriedAgain() {
    run(asking(1).model("first", failing(first, Kind.AUTHENTICATION)));

    assertThat(first).hasValue(1);
  }

  private static ChatModel failing(AtomicInteger calls, Kind kind) {
    return (request, exchange) -> {
      calls.incrementAndGet();
      throw new ModelException(kind, "no");
    };
  }

  private static void ask(AgentContext ctx, int times) {
    for (int i = 0; i < times; i++) {
      try {
        ctx.model().ask(Prompt.user("question " + i));
      } catch (ModelException e) {
        // counted already
      }
    }
  }

  private OrchestratorBuilder asking(int times) {
    return asked(
        ctx -> {
          ask(ctx, times);
          return "";
        });
  }
}
