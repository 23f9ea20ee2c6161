// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.RepeatedCallException;
import io.agentgovernance.agent.Reply;
import io.agentgovernance.agent.Team;
import io.agentgovernance.agent.UnusableReplyException;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.Bank.Account;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Routes, retries, tool loops and unusable replies. */
class ModelRulesTest {
  private final ManualTime time = Scenes.time();
  private final KeptLedger ledger = new KeptLedger();
  private final AtomicInteger first = new AtomicInteger();
  private final AtomicInteger second = new AtomicInteger();
  private final Bank bank = new Bank();

  /** What some agents of these tests make. */
  record Score(int points) {}

  // ---- routes

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

  // ---- retries

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

  // ---- loops

  @Test
  void anIdenticalCallInARowIsNotMadeAndIsAnError() {
    var repeated = new AtomicInteger();
    OrchestrationResult result =
        run(
            asked(
                    ctx -> {
                      ctx.model().ask(Prompt.user("same"));
                      try {
                        ctx.model().ask(Prompt.user("same"));
                      } catch (RepeatedCallException e) {
                        repeated.incrementAndGet();
                      }
                      return "";
                    })
                .model("first", answering(first)));

    assertThat(first).hasValue(1);
    assertThat(repeated).hasValue(1);
    assertThat(result.agents().get(0).errors()).isEqualTo(1);
  }

  @Test
  void theSameCallAfterAnotherIsNoLoop() {
    OrchestrationResult result =
        run(
            asked(
                    ctx -> {
                      ctx.model().ask(Prompt.user("same"));
                      ctx.model().ask(Prompt.user("other"));
                      return ctx.model().ask(Prompt.user("same")).text();
                    })
                .model("first", answering(first)));

    assertThat(first).hasValue(3);
    assertThat(result.agents().get(0).errors()).isZero();
  }

  @Test
  void anIdenticalToolCallInARowIsNotMade() {
    OrchestrationResult result =
        run(
            asked(
                ctx -> {
                  ctx.tools().call("transfer", new Transfer(5));
                  try {
                    ctx.tools().call("transfer", new Transfer(5));
                  } catch (RepeatedCallException e) {
                    return "once";
                  }
                  return "twice";
                }));

    assertThat(bank.transferred()).containsExactly(5L);
    assertThat(result.solution()).contains(Payload.text("once"));
  }

  // ---- the tool loop

  @Test
  void theModelMayCallGrantedToolsAndGetsTheirResults() {
    List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    ChatModel uses =
        (request, exchange) -> {
          requests.add(request);
          return requests.size() == 1
              ? wish("balance", new Account("a1"))
              : Scenes.reply("you have enough");
        };

    OrchestrationResult result =
        run(
            asked(ctx -> ctx.model().ask(Prompt.user("how much?").tools("balance")).text())
                .model("first", uses));

    assertThat(bank.read()).containsExactly("a1");
    assertThat(requests.get(0).tools()).extracting(spec -> spec.name()).containsExactly("balance");
    Part last = requests.get(1).messages().get(2).parts().get(0);
    assertThat(last)
        .isInstanceOfSatisfying(
            Part.ToolResult.class,
            tool -> assertThat(tool.content()).isEqualTo(Payload.of(1_000L)));
    assertThat(result.solution()).contains(Payload.text("you have enough"));
  }

  @Test
  void aToolThatWasNotGrantedIsNotOfferedAndItsCallIsAnErrorToTheModel() {
    List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    ChatModel sneaky =
        (request, exchange) -> {
          requests.add(request);
          return requests.size() == 1 ? wish("steal", new Account("x")) : Scenes.reply("fine");
        };

    OrchestrationResult result =
        run(
            asked(ctx -> ctx.model().ask(Prompt.user("?").tools("balance", "steal")).text())
                .model("first", sneaky));

    assertThat(requests.get(0).tools()).hasSize(1);
    assertThat(result.solution()).contains(Payload.text("fine"));
    assertThat(result.denials()).singleElement().matches(d -> d.rule().equals("UNKNOWN_TOOL"));
  }

  @Test
  void afterTenRoundsOfToolsTheReplyIsUnusable() {
    var thrown = new ArrayList<UnusableReplyException>();
    ChatModel endless =
        (request, exchange) -> wish("balance", new Account("a" + first.incrementAndGet()));

    run(
        asked(
                ctx -> {
                  try {
                    return ctx.model().ask(Prompt.user("?").tools("balance")).text();
                  } catch (UnusableReplyException e) {
                    thrown.add(e);
                    return "";
                  }
                })
            .model("first", endless));

    assertThat(bank.read()).hasSize(10);
    assertThat(first).hasValue(11);
    assertThat(thrown).hasSize(1);
    assertThat(thrown.get(0).problems().get(0)).contains("10 rounds");
  }

  // ---- unusable replies

  @Test
  void anUnusableReplyIsRepairedOnce() {
    OrchestrationResult result =
        run(scoring(ctx -> ctx.model().ask(Prompt.user("score"))), "no idea", "{\"points\": 7}");

    assertThat(first).hasValue(2);
    assertThat(result.solution()).contains(Payload.of(new Score(7)));
    assertThat(result.agents().get(0).errors()).isZero();
    assertThat(result.usage().calls()).as("the repair is paid for").isEqualTo(2);
  }

  @Test
  void fencesAndProseAroundTheJsonDoNotMatter() {
    run(
        scoring(ctx -> ctx.model().ask(Prompt.user("score"))),
        "Sure!\n```json\n{\"points\": 7}\n```\nAnything else?");

    assertThat(first).hasValue(1);
  }

  @Test
  void aReplyThatStaysUnusableIsAnErrorAndThePhaseIsTriedAgainWhileTheBudgetLasts() {
    OrchestrationResult result =
        run(scoring(ctx -> ctx.model().ask(Prompt.user("score"))), "no", "no", "no");

    assertThat(first).as("three attempts of two calls").hasValue(6);
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(result.agents().get(0).errors()).isEqualTo(3);
  }

  // ---- teams

  private static ChatReply wish(String tool, Object input) {
    return new ChatReply(
        List.of(new Part.ToolUse("use-1", tool, Payload.of(input))),
        FinishReason.TOOL_USE,
        Usage.of(1, 1),
        "m",
        null);
  }

  private static ChatModel answering(AtomicInteger calls) {
    return (request, exchange) -> {
      calls.incrementAndGet();
      return Scenes.reply("ok");
    };
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

  private OrchestratorBuilder asked(AgentBody<String> body) {
    return Orchestrator.builder()
        .team(Team.of(DecisionRule.by("one"), Agent.of("one", body).tools("transfer", "balance")));
  }

  private static Agent scoring(AgentBody<Reply> body) {
    return Agent.of("one", Score.class, ctx -> body.run(ctx).read(Score.class));
  }

  /** Answers with these texts in order, the last again and again. */
  private OrchestrationResult run(Agent agent, String... replies) {
    ChatModel model =
        (request, exchange) ->
            Scenes.reply(replies[Math.min(first.getAndIncrement(), replies.length - 1)]);
    return run(
        Orchestrator.builder().model("first", model).team(Team.of(DecisionRule.by("one"), agent)));
  }

  private OrchestrationResult run(OrchestratorBuilder builder) {
    return Scenes.run(builder.ledger(ledger).tools(bank.transfer(), bank.balance()), time);
  }
}
