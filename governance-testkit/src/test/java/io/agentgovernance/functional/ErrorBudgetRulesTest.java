// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.agent.ToolFailedException;
import io.agentgovernance.agent.UnusableReplyException;
import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ErrorBudgetRulesTest {
  private static final String[] WORDS = {
    "apple", "pear", "plum", "fig", "lime", "melon", "kiwi", "grape", "peach"
  };

  /** What a tool of these tests takes. */
  record Fruit(String name) {}

  @Test
  void anUnusableReplyAndTheFailureOfTheNextCallAreTwoErrors() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model("m", Scenes.saying(" "))
                .team(
                    Team.of(
                        DecisionRule.by("one"),
                        Agent.of(
                            "one",
                            ctx -> {
                              try {
                                return ctx.model().ask(Prompt.user("well?")).text();
                              } catch (UnusableReplyException e) {
                                try {
                                  return ctx.tools().call("none", Map.of()).text();
                                } catch (DeniedException denied) {
                                  return "neither";
                                }
                              }
                            }))));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.agents().get(0).errors()).isEqualTo(2);
  }

  @Test
  void theEighthErrorRevokes() {
    List<Integer> survived = new ArrayList<>();

    OrchestrationResult result = Scenes.run(failing(ctx -> failTimes(ctx, 9, survived)));

    assertThat(survived).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertRevokedOnceWithOneHandoff(result, 8);
  }

  @Test
  void theSeventhErrorDoesNot() {
    OrchestrationResult result = Scenes.run(failing(ctx -> failTimes(ctx, 7, new ArrayList<>())));

    AgentReport agent = result.agents().get(0);
    assertThat(agent.status()).isEqualTo(AgentStatus.COMPLETED);
    assertThat(agent.errors()).isEqualTo(7);
    assertThat(result.handoffs()).isEmpty();
  }

  @Test
  void theThirdOccurrenceOfOneErrorRevokes() {
    List<Integer> survived = new ArrayList<>();

    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  for (int i = 1; i <= 4; i++) {
                    fail(ctx, "banana number " + i); // the signature masks the number
                    survived.add(i);
                  }
                  return "";
                }));

    assertThat(survived).containsExactly(1, 2);
    assertRevokedOnceWithOneHandoff(result, 3);
  }

  @Test
  void theFirstViolationRevokes() {
    OrchestrationResult result =
        Scenes.run(
            Team.of(
                DecisionRule.by("other"),
                Agent.of(
                    "one",
                    ctx -> {
                      ctx.vote(ctx.propose("mine"), Choice.ACCEPT, "I like it");
                      return "";
                    }),
                Agent.of(
                    "other",
                    ctx -> {
                      Scenes.untilHandedOver(ctx);
                      return "";
                    })));

    AgentReport agent = result.agent("one").orElseThrow();
    assertThat(agent.status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(agent.violations()).isEqualTo(1);
    assertThat(result.proposals().get(0).ballots()).isEmpty();
    assertThat(result.handoffs()).hasSize(1);
    assertThat(result.handoffs().get(0).state()).isEqualTo(Handoff.State.CLAIMED);
    assertThat(Scenes.field(Scenes.events(result, EventTypes.ERROR_RECORDED).get(0), "violation"))
        .isEqualTo("SELF_VOTE");
  }

  @Test
  void aRevokedAgentCanDoNothingMore() {
    List<Object> later = new ArrayList<>();

    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  try {
                    failTimes(ctx, 8, new ArrayList<>());
                  } catch (AgentStoppedException e) {
                    later.add(e.reason());
                  }
                  try {
                    ctx.blackboard().put("key", "value");
                  } catch (AgentStoppedException e) {
                    later.add(e.reason());
                  }
                  return "output";
                }));

    assertThat(later)
        .containsExactly(AgentStoppedException.Cause.REVOKED, AgentStoppedException.Cause.REVOKED);
    assertThat(result.agents().get(0).output()).isEmpty();
    assertThat(Scenes.events(result, EventTypes.BLACKBOARD_WRITE)).isEmpty();
  }

  @Test
  void theAgentAndTheHostAreWarnedAtTheSeventhOfEightErrors() {
    List<List<String>> notices = new ArrayList<>();

    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  failTimes(ctx, 6, new ArrayList<>());
                  notices.add(warnings(ctx));
                  fail(ctx, WORDS[6]);
                  notices.add(warnings(ctx));
                  return "";
                }));

    assertThat(notices.get(0)).isEmpty();
    assertThat(notices.get(1)).singleElement().asString().contains("7 of 8 errors");
    List<Event> warned = Scenes.events(result, EventTypes.BUDGET_WARNING);
    assertThat(warned).hasSize(1);
    assertThat(Scenes.field(warned.get(0), "total")).isEqualTo("7");
  }

  @Test
  void theFirstRepeatWarnsBecauseTheNextRevokes() {
    List<List<String>> notices = new ArrayList<>();

    Scenes.run(
        failing(
            ctx -> {
              fail(ctx, "banana 1");
              notices.add(warnings(ctx));
              fail(ctx, "banana 2");
              notices.add(warnings(ctx));
              return "";
            }));

    assertThat(notices.get(0)).isEmpty();
    assertThat(notices.get(1)).singleElement().asString().contains("1 of 2 repeats");
  }

  @Test
  void thePlanIsClarifiedOnceAtHalfTheBudget() {
    OrchestrationResult result = Scenes.run(failing(ctx -> failTimes(ctx, 7, new ArrayList<>())));

    List<Event> clarified = Scenes.events(result, EventTypes.PLAN_CLARIFIED);
    assertThat(clarified).hasSize(1);
    assertThat(Scenes.field(clarified.get(0), "reason")).isEqualTo("HALF_OF_BUDGET");
    List<Event> errors = Scenes.events(result, EventTypes.ERROR_RECORDED);
    assertThat(clarified.get(0).sequence())
        .isBetween(errors.get(3).sequence(), errors.get(4).sequence());
  }

  @Test
  void thePlanIsClarifiedOnceAtTheFirstRepeat() {
    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  fail(ctx, "banana 1");
                  fail(ctx, "banana 2");
                  failTimes(ctx, 4, new ArrayList<>());
                  return "";
                }));

    List<Event> clarified = Scenes.events(result, EventTypes.PLAN_CLARIFIED);
    assertThat(clarified).hasSize(1);
    assertThat(Scenes.field(clarified.get(0), "reason")).isEqualTo("REPEATED_ERROR");
  }

  @Test
  void anErrorCountsOnceAlsoIfItEscapesTheBody() {
    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  ctx.tools().call("market", new Fruit("apple"));
                  return "";
                }));

    assertThat(result.agents().get(0).errors()).isEqualTo(1);
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.FAILED);
    assertThat(result.handoffs()).hasSize(1);
  }

  @Test
  void aSpentBudgetCountsForNothing() {
    var called = new AtomicInteger();

    OrchestrationResult result =
        Scenes.run(
            failing(
                    ctx -> {
                      for (int i = 0; i < 10; i++) {
                        try {
                          ctx.model().ask(Prompt.user("question " + i));
                        } catch (DeniedException e) {
                          assertThat(e.rule()).isEqualTo("SPENT");
                        }
                      }
                      return "";
                    })
                .spend(SpendBudget.perRun(Money.usd("1"), 10))
                .model(
                    "m",
                    (request, exchange) -> {
                      called.incrementAndGet();
                      return Scenes.reply("ok");
                    }));

    assertThat(called).hasValue(0);
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.COMPLETED);
    assertThat(result.agents().get(0).errors()).isZero();
    assertThat(result.denials()).hasSize(10);
  }

  @Test
  void anOpenRouteCountsForNothing() {
    OrchestrationResult result =
        Scenes.run(
            failing(
                    ctx -> {
                      for (int i = 0; i < 20; i++) {
                        try {
                          ctx.model().ask(Prompt.user("question " + WORDS[i % 9] + i));
                        } catch (RuntimeException e) {
                          if (e instanceof AgentStoppedException) {
                            throw e;
                          }
                        }
                      }
                      return "";
                    })
                .model(
                    "m",
                    new ChatModel() {
                      private final AtomicInteger calls = new AtomicInteger();

                      @Override
                      public ChatReply chat(ChatRequest request, Exchange exchange) {
                        throw new ModelException(
                            ModelException.Kind.NOT_FOUND,
                            "no model " + WORDS[calls.getAndIncrement() % 9]);
                      }
                    }));

    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.COMPLETED);
    assertThat(result.agents().get(0).errors()).as("until the breaker opened").isEqualTo(5);
  }

  @Test
  void beingStoppedCountsForNothing() {
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .team(
                Team.of(
                    DecisionRule.by("one"),
                    Agent.of(
                        "one",
                        ctx -> {
                          ctx.receive(Duration.ofHours(1));
                          return "";
                        }),
                    Agent.of(
                        "other",
                        ctx -> {
                          ctx.receive(Duration.ofHours(1));
                          return "";
                        })));

    try (var orchestrator = builder.build()) {
      var run = orchestrator.start(RunRequest.of("Reach something"));
      run.stop("enough");
      OrchestrationResult result = run.completion().join();

      assertThat(result.agents())
          .allSatisfy(
              agent -> {
                assertThat(agent.errors()).isZero();
                assertThat(agent.status()).isEqualTo(AgentStatus.STOPPED);
              });
      assertThat(result.handoffs()).isEmpty();
    }
  }

  private static void assertRevokedOnceWithOneHandoff(OrchestrationResult result, int errors) {
    AgentReport agent = result.agents().get(0);
    assertThat(agent.status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(agent.errors()).isEqualTo(errors);
    assertThat(result.handoffs()).hasSize(1);
    assertThat(Scenes.events(result, EventTypes.AGENT_REVOKED)).hasSize(1);
    assertThat(Scenes.events(result, EventTypes.HANDOFF_CREATED)).hasSize(1);
  }

  private static OrchestratorBuilder failing(AgentBody<String> body) {
    Tool market =
        Tool.of(
                "market",
                Fruit.class,
                String.class,
                (fruit, call) -> {
                  throw new IllegalStateException("no " + fruit.name());
                })
            .effect(Effect.READ)
            .requires(TrustTier.T1);
    return Orchestrator.builder()
        .tools(market)
        .team(Team.of(DecisionRule.by("one"), Agent.of("one", body).tools("market")));
  }

  private static String failTimes(AgentContext ctx, int times, List<Integer> survived) {
    for (int i = 1; i <= times; i++) {
      fail(ctx, WORDS[i - 1]);
      survived.add(i);
    }
    return "";
  }

  private static void fail(AgentContext ctx, String fruit) {
    try {
      ctx.tools().call("market", Map.of("name", fruit));
    } catch (ToolFailedException e) {
      assertThat(e.problem()).contains("no " + fruit);
    }
  }

  private static List<String> warnings(AgentContext ctx) {
    return ctx.notices().stream().filter(notice -> notice.contains("errors used")).toList();
  }
}
