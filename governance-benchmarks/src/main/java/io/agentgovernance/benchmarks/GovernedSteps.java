// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.sqlite.SqliteCheckpointStore;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.sqlite.SqliteLedger;
import io.agentgovernance.time.Workers;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Agent Governance for Java: a run of one agent whose EXECUTE phase does the steps; all phases,
 * three policies of a host and a listener. Ledger and checkpoints are SQLite files.
 */
final class GovernedSteps implements StepContender {

  /** How long a run may take: longer than any does. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final String ADD = "add";

  /** What a step takes and gives. */
  record Count(int value) {}

  /** What a step is. */
  enum Kind {
    /** A call of an idempotent tool. */
    TOOL_CALL(
        "tool call",
        "policies asked; INTENT (ledger) and the begun call (checkpoints) on stable storage before"
            + " the tool runs, result (checkpoints) and OUTCOME (ledger) before the agent has it"),
    /** A step whose result is durable by itself, as those of DBOS are. */
    DURABLE_STEP(
        "ctx.durableStep",
        "no policy, nothing before the step runs; result (checkpoints) and its entry STEP (ledger) on"
            + " stable storage before the agent has it"),
    /** A value that the run learns, so that it has it again when it is resumed. */
    LEARNED_VALUE(
        "ctx.step",
        "no policy, no ledger entry; on stable storage with the next external action or the end of"
            + " the phase, here the latter: NOT each by itself");

    private final String words;
    private final String durable;

    Kind(String words, String durable) {
      this.words = words;
      this.durable = durable;
    }
  }

  private final Kind kind;
  private final SqliteLedger ledger;
  private final SqliteCheckpointStore checkpoints;
  private final Orchestrator orchestrator;

  /**
   * Opens files in a folder.
   *
   * @param atOnce how many runs are made at once at most
   */
  GovernedSteps(Kind kind, Path folder, int atOnce) {
    this.kind = kind;
    this.ledger = GovernedStores.ledger(folder);
    this.checkpoints = GovernedStores.checkpoints(folder);
    this.orchestrator = builder(ledger, checkpoints, atOnce).tools(add()).build();
  }

  /** An orchestrator that insists on stores that are durable. */
  static OrchestratorBuilder builder(
      SqliteLedger ledger, SqliteCheckpointStore checkpoints, int atOnce) {
    return GovernedPair.governed(Orchestrator.builder())
        .workers(Workers.platform(8 * atOnce))
        .timeout(PATIENCE)
        .ledger(ledger)
        .checkpoints(checkpoints)
        .require(Durability.DURABLE);
  }

  private static Tool add() {
    return Tool.of(ADD, Count.class, Count.class, (in, call) -> new Count(in.value() + 1))
        .describe("Adds one")
        .effect(Effect.IDEMPOTENT)
        .requires(TrustTier.T1);
  }

  @Override
  public String name() {
    return LibraryJar.of(Orchestrator.class).name() + ", " + kind.words;
  }

  @Override
  public String settings() {
    return "SQLite ledger and SQLite checkpoints, journal_mode=WAL, synchronous=FULL, "
        + ledger.durability()
        + " and "
        + checkpoints.durability()
        + "; "
        + kind.durable;
  }

  @Override
  public void run(int steps, StepTimes times) {
    var agent =
        Agent.of("worker", Count.class, context -> execute(context, steps, times))
            .tier(TrustTier.T1)
            .tools(ADD);
    var result =
        orchestrator.run(RunRequest.of("add").team(Team.of(DecisionRule.by("worker"), agent)));
    if (!(result.outcome() instanceof Outcome.Accepted accepted)
        || accepted.solution().read(Count.class).value() != steps) {
      throw new IllegalStateException(
          "expected " + steps + " but the run ended " + result.outcome());
    }
  }

  private Count execute(AgentContext context, int steps, StepTimes times) {
    var number = new Count(0);
    for (var i = 0; i < steps; i++) {
      var start = System.nanoTime();
      number = step(context, number);
      times.since(start);
    }
    return number;
  }

  private Count step(AgentContext context, Count number) {
    return switch (kind) {
      case TOOL_CALL -> context.tools().call(ADD, number, Count.class);
      case DURABLE_STEP ->
          context.durableStep(ADD, Count.class, () -> new Count(number.value() + 1));
      case LEARNED_VALUE -> context.step(ADD, Count.class, () -> new Count(number.value() + 1));
    };
  }

  @Override
  public void close() {
    orchestrator.close();
    ledger.close();
    checkpoints.close();
  }
}
