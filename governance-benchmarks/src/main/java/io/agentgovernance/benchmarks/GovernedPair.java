// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.time.Workers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.LongAdder;

/**
 * Agent Governance for Java: two agents that go through all phases of the lifecycle, with one
 * governed model call each. The orchestrator is built once.
 */
public final class GovernedPair implements Contender {

  private static final Usage USAGE = Usage.of(StubModel.PROMPT_TOKENS, StubModel.COMPLETION_TOKENS);

  private final Orchestrator orchestrator;

  private GovernedPair(OrchestratorBuilder builder) {
    this.orchestrator = builder.build();
  }

  /** No policy of a host, no listener; ledger and checkpoints are made and thrown away. */
  public static GovernedPair runtimeOnly(StubModel model, ExecutorService pool) {
    return new GovernedPair(discarding(model, pool));
  }

  /** The same with this redactor. */
  static GovernedPair runtimeOnly(StubModel model, ExecutorService pool, Redactor redactor) {
    return new GovernedPair(discarding(model, pool).redactor(redactor));
  }

  /**
   * The same as the first with three policies of a host and a listener to whom every event is
   * pushed.
   */
  public static GovernedPair policyAndEvents(StubModel model, ExecutorService pool) {
    return new GovernedPair(governed(discarding(model, pool)));
  }

  /** The same with the hash-chained ledger and the checkpoints in memory: the defaults. */
  public static GovernedPair full(StubModel model, ExecutorService pool) {
    return new GovernedPair(governed(builder(model, pool, AgentPool.THREADS)));
  }

  private static OrchestratorBuilder discarding(StubModel model, ExecutorService pool) {
    return builder(model, pool, AgentPool.THREADS)
        .ledger(new DiscardingLedger())
        .checkpoints(new DiscardingCheckpoints());
  }

  static OrchestratorBuilder governed(OrchestratorBuilder builder) {
    HostPolicies.ALL.forEach(builder::policy);
    var characters = new LongAdder();
    return builder.listener(event -> characters.add(event.type().length()));
  }

  static OrchestratorBuilder builder(StubModel model, ExecutorService pool, int threads) {
    return Orchestrator.builder()
        .workers(Workers.executor(pool, threads))
        .model("stub:", chat(model))
        .team(team());
  }

  /** The pair as a team: each agent asks its question, the outputs are collected. */
  static Team team() {
    return Team.of(DecisionRule.collect(), alpha(), beta());
  }

  static Agent alpha() {
    return Agent.of(
        Role.ALPHA.name(),
        agent -> agent.model().ask(Prompt.user("Research " + agent.objective())).text());
  }

  static Agent beta() {
    return Agent.of(
        Role.BETA.name(),
        agent -> agent.model().ask(Prompt.user("Synthesise " + agent.objective())).text());
  }

  /** The stub as the library's own model. */
  static ChatModel chat(StubModel model) {
    return (request, exchange) ->
        ChatReply.of(
            model.reply(Role.valueOf(exchange.role().name()), request.messages().get(0).text()),
            USAGE,
            request.model());
  }

  @Override
  public String run(String topic) {
    return both(orchestrator.run(topic));
  }

  /**
   * What both agents replied.
   *
   * @throws IllegalStateException if the run did not complete
   */
  static String both(OrchestrationResult result) {
    if (!(result.outcome() instanceof Outcome.Accepted)) {
      throw new IllegalStateException(
          "expected both outputs but the run ended " + result.outcome());
    }
    return output(result, Role.ALPHA) + " " + output(result, Role.BETA);
  }

  private static String output(OrchestrationResult result, Role role) {
    return result.agent(role.name()).flatMap(agent -> agent.output()).map(Payload::text).orElse("");
  }
}
