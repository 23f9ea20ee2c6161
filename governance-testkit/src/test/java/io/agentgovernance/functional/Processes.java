// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.ResumeRequest;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.function.Predicate;

/** Has a process begin a run and die, and another go on with it, each on its own manual time. */
final class Processes {
  private Processes() {}

  /** What a process leaves that ran to the end. */
  static Left ended(OrchestratorBuilder builder) {
    var store = new RecordedCheckpoints(Durability.DURABLE);
    OrchestrationResult result = Scenes.run(builder.checkpoints(store), Scenes.time());
    return Left.of(store, result.run());
  }

  /** What a process leaves that dies after a time, while everybody waits. */
  static Left after(Duration after, OrchestratorBuilder builder) {
    var store = new RecordedCheckpoints(Durability.DURABLE);
    ManualTime time = Scenes.time();
    try (var orchestrator = builder.checkpoints(store).time(time).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Reach something"));
      time.advanceWhenIdle(after);
      return Left.of(store, run.id());
    }
  }

  /** Goes on at once, to the end. */
  static OrchestrationResult resume(Left left, OrchestratorBuilder builder) {
    return resume(ResumeRequest.of(left.run()), left.store(), builder, Scenes.time());
  }

  /** Goes on, to the end. */
  static OrchestrationResult resume(Left left, OrchestratorBuilder builder, ManualTime time) {
    return resume(ResumeRequest.of(left.run()), left.store(), builder, time);
  }

  static OrchestrationResult resume(
      ResumeRequest request, CheckpointStore store, OrchestratorBuilder builder, ManualTime time) {
    try (var orchestrator = builder.checkpoints(store).time(time).build()) {
      return Scenes.toTheEnd(orchestrator.resume(request), time);
    }
  }

  static ManualTime later(Duration by) {
    return ManualTime.startingAt(Scenes.START.plus(by));
  }

  /** A team of one, whose output is the solution. */
  static Team only(AgentBody<String> body, String... tools) {
    return Team.of(DecisionRule.by("one"), Agent.of("one", body).tools(tools)).withoutMediator();
  }

  /** The beginning of a call to the world. */
  static Predicate<Delta> begun() {
    return journaled("begun");
  }

  static Predicate<Delta> journaled(String kind) {
    return delta ->
        delta instanceof Delta.Journaled journaled && journaled.entry().kind().equals(kind);
  }

  static <C extends Command<?>> Predicate<Delta> command(Class<C> type) {
    return command(type, command -> true);
  }

  static <C extends Command<?>> Predicate<Delta> command(Class<C> type, Predicate<C> which) {
    return delta ->
        delta instanceof Delta.Changed changed
            && type.isInstance(changed.command())
            && which.test(type.cast(changed.command()));
  }
}
