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
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Agents that try one action each, under policies. */
abstract class Policed {
  final Bank bank = new Bank();
  final AtomicInteger modelCalls = new AtomicInteger();
  final KeptLedger ledger = new KeptLedger();

  static Policy ballot(UnaryOperator<String> change) {
    return action ->
        action.kind().equals(Action.BALLOT)
            ? Verdict.rewrite(Payload.json(change.apply(action.input().json())), "why")
            : Verdict.allow();
  }

  static Map<String, Consumer<AgentContext>> actions() {
    Map<String, Consumer<AgentContext>> actions = new LinkedHashMap<>();
    actions.put(Action.MODEL, ctx -> ctx.model().ask(Prompt.user("question")));
    actions.put(Action.TOOL, ctx -> ctx.tools().call("transfer", new Transfer(1)));
    actions.put(Action.WRITE, ctx -> ctx.blackboard().put("key", "value"));
    actions.put(Action.MESSAGE, ctx -> ctx.broadcast("hello"));
    actions.put(Action.PROPOSAL, ctx -> ctx.propose("a way"));
    return actions;
  }

  /** An agent tries one action; of ballots, one on the proposal of another. */
  OrchestrationResult attempt(String kind, Policy policy) {
    return attempt(kind, policy, builder -> {});
  }

  OrchestrationResult attempt(String kind, Policy policy, Consumer<OrchestratorBuilder> more) {
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

  static String rule(Consumer<AgentContext> action, AgentContext ctx) {
    try {
      action.accept(ctx);
      return "";
    } catch (DeniedException e) {
      return e.rule();
    }
  }

  void assertDeniedWithoutEffect(OrchestrationResult result, String kind, String rule) {
    assertThat(result.agent("one").orElseThrow().output()).contains(Payload.text(rule));
    assertThat(result.denials()).hasSize(1);
    assertThat(effects(result, kind)).isZero();
    assertThat(result.agent("one").orElseThrow().errors()).isEqualTo(1);
    assertThat(result.usage().committedTokens()).isZero();
  }

  int effects(OrchestrationResult result, String kind) {
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

  OrchestratorBuilder builder(Agent agent) {
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

  static Team only(AgentBody<String> body) {
    return Team.of(DecisionRule.by("one"), Agent.of("one", body));
  }

  static Agent granted(Transfer transfer) {
    return calling("transfer", transfer).tools("transfer");
  }

  static Agent calling(String tool, Object input) {
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
