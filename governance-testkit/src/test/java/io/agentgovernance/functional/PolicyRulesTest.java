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
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Denial;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.tool.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyRulesTest {
  private final Bank bank = new Bank();
  private final AtomicInteger modelCalls = new AtomicInteger();
  private final KeptLedger ledger = new KeptLedger();

  @Test
  void anAgentThatMayOnlyObserveCannotActOnOthers() {
    Map<String, String> rules = new LinkedHashMap<>();
    Agent observer =
        Agent.of(
                "one",
                ctx -> {
                  actions().forEach((kind, action) -> rules.put(kind, rule(action, ctx)));
                  return ctx.blackboard().get("key").isPresent() ? "written" : "read only";
                })
            .tier(TrustTier.T0);

    OrchestrationResult result = Scenes.run(builder(observer));

    rules.remove(Action.MODEL);
    rules.remove(Action.TOOL);
    rules.remove(Action.BALLOT);
    assertThat(rules).hasSize(3).containsValue("TIER").doesNotContainValue("");
    assertThat(result.solution()).contains(Payload.text("read only"));
    assertThat(result.proposals()).isEmpty();
  }

  @Test
  void aToolThatNeedsAHigherTierIsDenied() {
    Agent agent = calling("transfer", new Transfer(1));

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .tools(bank.transfer().requires(TrustTier.T3))
                .team(Team.of(DecisionRule.by("one"), agent.tools("transfer"))));

    assertThat(result.solution()).contains(Payload.text("TIER"));
    assertThat(bank.transferred()).isEmpty();
  }

  @Test
  void aToolThatWasNotGrantedIsDenied() {
    OrchestrationResult result = Scenes.run(builder(calling("transfer", new Transfer(1))));

    assertThat(result.solution()).contains(Payload.text("NOT_GRANTED"));
    assertThat(bank.transferred()).isEmpty();
  }

  @Test
  void anUnknownToolIsAnOrdinaryErrorAndNoViolation() {
    OrchestrationResult result = Scenes.run(builder(calling("hallucinated", Map.of())));

    assertThat(result.solution()).contains(Payload.text("UNKNOWN_TOOL"));
    assertThat(result.agents().get(0).errors()).isEqualTo(1);
    assertThat(result.agents().get(0).violations()).isZero();
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.COMPLETED);
  }

  @Test
  void theFirstDenialEndsTheChain() {
    var asked = new AtomicInteger();
    Policy first = action -> Verdict.deny("FIRST", "no");
    Policy second =
        action -> {
          asked.incrementAndGet();
          return Verdict.deny("SECOND", "no");
        };

    OrchestrationResult result =
        Scenes.run(builder(granted(new Transfer(1))).policy(first).policy(second));

    assertThat(result.solution()).contains(Payload.text("FIRST"));
    assertThat(asked).hasValue(0);
  }

  @Test
  void aDenialIsListedToldAndRecordedOnce() {
    OrchestrationResult result =
        Scenes.run(
            builder(granted(new Transfer(1)))
                .policy(((Policy) action -> Verdict.deny("NO", "not today")).named("mood", "7")));

    Denial denial = result.denials().get(0);
    assertThat(result.denials()).hasSize(1);
    assertThat(denial.action()).isEqualTo("tool:transfer");
    assertThat(denial.policy()).isEqualTo("mood@7");
    assertThat(denial.reason()).isEqualTo("not today");
    assertThat(Scenes.events(result, EventTypes.ACTION_DENIED)).hasSize(1);
    assertThat(ledger.entries(LedgerTypes.DENIED)).hasSize(1);
    assertThat(KeptLedger.field(ledger.entries(LedgerTypes.DENIED).get(0), "policy"))
        .isEqualTo("mood@7");
    assertThat(ledger.entries(LedgerTypes.INTENT)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write", "message", "proposal", "ballot"})
  void whatAPolicyDeniesDoesNotHappen(String kind) {
    Policy policy =
        action ->
            action.kind().equals(kind) ? Verdict.deny("NO", "not this kind") : Verdict.allow();

    OrchestrationResult result = attempt(kind, policy);

    assertDeniedWithoutEffect(result, kind, "NO");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write", "message", "proposal", "ballot"})
  void aPolicyThatThrowsDenies(String kind) {
    Policy policy =
        action -> {
          if (action.kind().equals(kind)) {
            throw new IllegalStateException("broken: " + action.input().text());
          }
          return Verdict.allow();
        };

    OrchestrationResult result = attempt(kind, policy);

    assertDeniedWithoutEffect(result, kind, "POLICY_ERROR");
    assertThat(result.denials().get(0).reason()).doesNotContain("broken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write", "message", "proposal", "ballot"})
  @SuppressWarnings("NullAway") // the mistake under test
  void aPolicyThatReturnsNullDenies(String kind) {
    Policy policy = action -> action.kind().equals(kind) ? null : Verdict.allow();

    assertDeniedWithoutEffect(attempt(kind, policy), kind, "NULL_VERDICT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write"})
  void aPolicyThatHangsDenies(String kind) {
    var never = new CountDownLatch(1);
    Policy policy =
        action -> {
          if (action.kind().equals(kind)) {
            try {
              never.await();
            } catch (InterruptedException e) {
              return Verdict.allow(); // too late
            }
          }
          return Verdict.allow();
        };

    OrchestrationResult result =
        attempt(kind, policy, builder -> builder.policyTimeout(Duration.ofMillis(20)));

    assertDeniedWithoutEffect(result, kind, "POLICY_TIMEOUT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write", "message", "proposal", "ballot"})
  void whatAPolicyAllowsHappens(String kind) {
    OrchestrationResult result = attempt(kind, action -> Verdict.allow());

    assertThat(result.denials()).isEmpty();
    assertThat(effects(result, kind)).isEqualTo(1);
  }

  @Test
  void aRewriteChangesWhatAToolIsGivenAndWhatLaterPoliciesSee() {
    List<Payload> seen = new ArrayList<>();
    Policy halves =
        action ->
            action.kind().equals(Action.TOOL)
                ? Verdict.rewrite(Payload.of(new Transfer(50)), "at most 50")
                : Verdict.allow();
    Policy watches =
        action -> {
          if (action.kind().equals(Action.TOOL)) {
            seen.add(action.input());
          }
          return Verdict.allow();
        };

    Scenes.run(builder(granted(new Transfer(100))).policy(halves).policy(watches));

    assertThat(bank.transferred()).containsExactly(50L);
    assertThat(seen).containsExactly(Payload.of(new Transfer(50)));
  }

  @Test
  void aRewriteChangesTheTextAModelIsGiven() {
    List<String> prompts = new CopyOnWriteArrayList<>();
    Policy redacts =
        action ->
            action.kind().equals(Action.MODEL)
                ? Verdict.rewrite(
                    Payload.json(action.input().json().replace("hunter2", "***")), "secrets")
                : Verdict.allow();
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .policy(redacts)
            .model(
                "m",
                (request, exchange) -> {
                  for (Part part : request.messages().get(0).parts()) {
                    prompts.add(
                        part instanceof Part.Text text
                            ? text.text()
                            : ((Part.Data) part).content().text());
                  }
                  return Scenes.reply("ok");
                })
            .team(
                only(
                    ctx ->
                        ctx.model()
                            .ask(Prompt.user("the word is hunter2").data("d", "also hunter2"))
                            .text()));

    Scenes.run(builder);

    assertThat(prompts).containsExactly("the word is ***", "also ***");
  }

  @Test
  void aRewriteOfMoreThanTextsIsDenied() {
    Policy raises =
        action ->
            action.kind().equals(Action.MODEL)
                ? Verdict.rewrite(
                    Payload.json(action.input().json().replace("4096", "999999")), "more")
                : Verdict.allow();

    OrchestrationResult result = attempt(Action.MODEL, raises);

    assertDeniedWithoutEffect(result, Action.MODEL, "REWRITE_SHAPE");
  }

  @Test
  void ofABallotThePolicyMayRewriteTheReason() {
    OrchestrationResult result =
        attempt(Action.BALLOT, ballot(text -> text.replace("because", "[redacted]")));

    assertThat(result.proposals().get(0).ballots())
        .singleElement()
        .matches(ballot -> ballot.reason().equals("[redacted]"))
        .matches(ballot -> ballot.choice() == Choice.ACCEPT);
  }

  @Test
  void ofABallotThePolicyMayNotRewriteTheChoice() {
    OrchestrationResult result =
        attempt(Action.BALLOT, ballot(text -> text.replace("ACCEPT", "REJECT")));

    assertDeniedWithoutEffect(result, Action.BALLOT, "REWRITE_SHAPE");
  }

  private static Policy ballot(UnaryOperator<String> change) {
    return action ->
        action.kind().equals(Action.BALLOT)
            ? Verdict.rewrite(Payload.json(change.apply(action.input().json())), "why")
            : Verdict.allow();
  }

  @Test
  void aPolicySeesWhoWantsToDoWhat() {
    List<Action> seen = new CopyOnWriteArrayList<>();

    OrchestrationResult result =
        Scenes.run(
            builder(granted(new Transfer(3)))
                .policy(
                    action -> {
                      seen.add(action);
                      return Verdict.allow();
                    }));

    Action action = seen.get(0);
    assertThat(seen).hasSize(1);
    assertThat(action.name()).isEqualTo("tool:transfer");
    assertThat(action.input()).isEqualTo(Payload.of(new Transfer(3)));
    assertThat(action.effect()).isEqualTo(Effect.ONCE);
    assertThat(action.tier()).isEqualTo(TrustTier.T1);
    assertThat(action.required()).isEqualTo(TrustTier.T1);
    assertThat(action.run()).isEqualTo(result.run());
    assertThat(action.agent()).isEqualTo(result.agents().get(0).id());
    assertThat(action.phase()).isEqualTo(AgentPhase.EXECUTE);
  }

  @Test
  void theIntentNamesThePoliciesThatWereAskedWithTheirVersions() {
    Scenes.run(
        builder(granted(new Transfer(3)))
            .policy(((Policy) action -> Verdict.allow()).named("mine", "2026-01")));

    assertThat(KeptLedger.field(ledger.entries(LedgerTypes.INTENT).get(0), "policies"))
        .contains("tier@1", "grant@1", "mine@2026-01");
  }

  @Test
  void aThreadTheBodyStartedItselfIsRefused() {
    Map<String, Throwable> thrown = new ConcurrentHashMap<>();
    Agent agent =
        Agent.of(
                "one",
                ctx -> {
                  CompletableFuture.runAsync(
                          () ->
                              actions()
                                  .forEach(
                                      (kind, action) -> {
                                        try {
                                          action.accept(ctx);
                                        } catch (RuntimeException e) {
                                          thrown.put(kind, e);
                                        }
                                      }))
                      .join();
                  return "";
                })
            .tools("transfer");

    OrchestrationResult result = Scenes.run(builder(agent));

    assertThat(thrown).hasSize(5).doesNotContainKey(Action.BALLOT);
    assertThat(thrown.values())
        .allSatisfy(
            e ->
                assertThat(e)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("own thread"));
    assertThat(bank.transferred()).isEmpty();
    assertThat(modelCalls).hasValue(0);
    assertThat(result.proposals()).isEmpty();
  }

  // ---- one action of each kind

  private static Map<String, Consumer<AgentContext>> actions() {
    Map<String, Consumer<AgentContext>> actions = new LinkedHashMap<>();
    actions.put(Action.MODEL, ctx -> ctx.model().ask(Prompt.user("question")));
    actions.put(Action.TOOL, ctx -> ctx.tools().call("transfer", new Transfer(1)));
    actions.put(Action.WRITE, ctx -> ctx.blackboard().put("key", "value"));
    actions.put(Action.MESSAGE, ctx -> ctx.broadcast("hello"));
    actions.put(Action.PROPOSAL, ctx -> ctx.propose("a way"));
    return actions;
  }

  /** An agent tries one action; of ballots, one on the proposal of another. */
  private OrchestrationResult attempt(String kind, Policy policy) {
    return attempt(kind, policy, builder -> {});
  }

  private OrchestrationResult attempt(
      String kind, Policy policy, Consumer<OrchestratorBuilder> more) {
    Agent actor =
        Agent.of(
                "one",
                ctx -> {
                  if (kind.equals(Action.BALLOT)) {
                    Proposal open = Scenes.untilBallots(ctx, 0);
                    return rule(c -> c.vote(open, Choice.ACCEPT, "because"), ctx);
                  }
                  return rule(actions().get(kind), ctx);
                })
            .tools("transfer");
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              if (kind.equals(Action.BALLOT)) {
                ctx.propose("my way");
              }
              return ctx.awaitOutput("one", String.class);
            });
    OrchestratorBuilder builder =
        builder(actor).policy(policy).team(Team.of(DecisionRule.by("one"), actor, other));
    more.accept(builder);
    return Scenes.run(builder);
  }

  private static String rule(Consumer<AgentContext> action, AgentContext ctx) {
    try {
      action.accept(ctx);
      return "";
    } catch (DeniedException e) {
      return e.rule();
    }
  }

  private void assertDeniedWithoutEffect(OrchestrationResult result, String kind, String rule) {
    assertThat(result.agent("one").orElseThrow().output()).contains(Payload.text(rule));
    assertThat(result.denials()).hasSize(1);
    assertThat(effects(result, kind)).isZero();
    assertThat(result.agent("one").orElseThrow().errors()).isEqualTo(1);
    assertThat(result.usage().committedTokens()).isZero();
  }

  private int effects(OrchestrationResult result, String kind) {
    return switch (kind) {
      case Action.MODEL -> modelCalls.get();
      case Action.TOOL -> bank.transferred().size();
      case Action.WRITE -> Scenes.events(result, EventTypes.BLACKBOARD_WRITE).size();
      case Action.MESSAGE -> Scenes.events(result, EventTypes.AGENT_MESSAGE).size();
      case Action.PROPOSAL -> result.proposals().size();
      case Action.BALLOT -> result.proposals().get(0).ballots().size();
      default -> throw new AssertionError(kind);
    };
  }

  private OrchestratorBuilder builder(Agent agent) {
    return Orchestrator.builder()
        .ledger(ledger)
        .tools(bank.transfer(), bank.balance())
        .model(
            "m",
            (request, exchange) -> {
              modelCalls.incrementAndGet();
              return Scenes.reply("ok");
            })
        .team(Team.of(DecisionRule.by("one"), agent));
  }

  private static Team only(AgentBody<String> body) {
    return Team.of(DecisionRule.by("one"), Agent.of("one", body));
  }

  private static Agent granted(Transfer transfer) {
    return calling("transfer", transfer).tools("transfer");
  }

  private static Agent calling(String tool, Object input) {
    return Agent.of(
        "one",
        ctx -> {
          try {
            return ctx.tools().call(tool, input).text();
          } catch (DeniedException e) {
            return e.rule();
          }
        });
  }
}
