// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Command.FinishPhase;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.ScriptedCall;
import io.agentgovernance.testkit.ScriptedModel;
import io.agentgovernance.testkit.StandardScripts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * A run that is cut between any two of its checkpoints comes to the same when it is resumed, and
 * makes no finished model call again.
 */
class ResumeEverywhereTest {

  @Test
  void twoAgentsThatAgree() {
    everywhere(StandardScripts::agreeing);
  }

  @Test
  void aMediatorDecides() {
    everywhere(() -> StandardScripts.rejecting(Integer.MAX_VALUE));
  }

  private static void everywhere(Supplier<ScriptedModel> script) {
    var recorded = new RecordedCheckpoints(Durability.DURABLE);
    OrchestrationResult whole;
    try (var orchestrator = builder(script.get(), recorded).build()) {
      whole = orchestrator.run(RunRequest.of("Reach something").document("d", "Some material."));
    }
    assertThat(whole.status()).isEqualTo(PipelineStatus.COMPLETED);
    List<List<Delta>> batches = recorded.batches();
    assertThat(batches.size()).isGreaterThan(12); // calls, ends of phases with a body, and the end

    for (int cut = 1; cut < batches.size(); cut++) {
      List<Delta> left = new ArrayList<>();
      batches.subList(0, cut).forEach(left::addAll);
      ScriptedModel model = script.get();

      OrchestrationResult resumed = resume(whole.run(), left, model);

      String where = "cut after batch " + cut + " of " + batches.size() + ": " + left;
      assertThat(resumed.status()).as(where).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(resumed.solution()).as(where).isEqualTo(whole.solution());
      assertThat(resumed.warnings()).as(where).isEmpty();
      assertThat(again(left, model)).as("finished calls made again, " + where).isEmpty();
      assertThat(resumed.agents())
          .as(where)
          .allMatch(agent -> agent.status() == AgentStatus.COMPLETED);
    }
  }

  private static OrchestrationResult resume(RunId run, List<Delta> left, ScriptedModel model) {
    CheckpointStore store = Backends.checkpoints();
    long epoch = store.claim(run, 0).orElseThrow();
    store.append(run, epoch, left);
    store.release(run, epoch);
    // Its time stands still: whoever waits for what has happened already waits for ever.
    try (var orchestrator = builder(model, store).time(Scenes.time()).build()) {
      Orchestration resumed = orchestrator.resume(run);
      return resumed.completion().orTimeout(60, TimeUnit.SECONDS).join();
    }
  }

  private static OrchestratorBuilder builder(ScriptedModel model, CheckpointStore store) {
    return Orchestrator.builder().model("scripted", model).checkpoints(store);
  }

  @Test
  void withoutTheJournalFinishedCallsWouldBeMadeAgain() {
    var recorded = new RecordedCheckpoints(Durability.DURABLE);
    OrchestrationResult whole;
    try (var orchestrator = builder(StandardScripts.agreeing(), recorded).build()) {
      whole = orchestrator.run(RunRequest.of("Reach something"));
    }
    List<Delta> left = new ArrayList<>();
    for (Delta delta : recorded.appended()) {
      boolean finished =
          delta instanceof Delta.Changed c
              && c.command() instanceof FinishPhase f
              && f.output().phase() == AgentPhase.EXECUTE;
      if (finished) {
        break;
      }
      left.add(delta);
    }
    List<Delta> forgetful =
        left.stream().filter(delta -> !(delta instanceof Delta.Journaled)).toList();
    ScriptedModel model = StandardScripts.agreeing();

    OrchestrationResult unused = resume(whole.run(), forgetful, model);

    assertThat(again(left, model)).isNotEmpty();
  }

  /** The calls of the model that had been answered before the cut. */
  static Set<String> again(List<Delta> left, ScriptedModel model) {
    Map<String, Integer> turns = new HashMap<>();
    Set<String> finished = new TreeSet<>();
    for (Delta delta : left) {
      if (delta instanceof Delta.Journaled journaled
          && journaled.entry().kind().equals("model")
          && journaled.entry().outcome() == JournalEntry.Outcome.OK) {
        String phase = journaled.entry().agent() + " " + journaled.entry().phase();
        finished.add(phase + " " + turns.merge(phase, 1, Integer::sum));
      }
    }
    Set<String> again = new TreeSet<>();
    for (ScriptedCall call : model.calls()) {
      String made = call.agent() + " " + call.phase() + " " + call.turn();
      if (finished.contains(made)) {
        again.add(made);
      }
    }
    return again;
  }
}
