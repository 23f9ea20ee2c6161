// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.RepeatedCallException;
import io.agentgovernance.agent.Reply;
import io.agentgovernance.agent.UnusableReplyException;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.functional.Bank.Account;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Repeated calls, tool loops and unusable replies. */
class ModelRulesTest extends AskingModels {
  /** What some agents of these tests make. */
  record Score(int points) {}

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

  private static ChatReply wish(String tool, Object input) {
    return new ChatReply(
        List.of(new Part.ToolUse("use-1", tool, Payload.of(input))),
        FinishReason.TOOL_USE,
        Usage.of(1, 1),
        "m",
        null);
  }

  private static Agent scoring(AgentBody<Reply> body) {
    return Agent.of("one", Score.class, ctx -> body.run(ctx).read(Score.class));
  }
}
