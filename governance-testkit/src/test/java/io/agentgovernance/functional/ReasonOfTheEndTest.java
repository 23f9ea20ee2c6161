// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static io.agentgovernance.testkit.RunAssert.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.testkit.ScriptedModel;
import java.time.Instant;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** Agents that end at once because the run is ended are not why it ends. */
@Timeout(60)
class ReasonOfTheEndTest {
  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final ScriptedModel model = ScriptedModel.create().otherwise().hang().model();

  @RepeatedTest(20)
  void aStoppedRunIsStoppedHoweverFastItsAgentsEnd() {
    try (Orchestrator orchestrator = orchestrator()) {
      Orchestration run = orchestrator.start(RunRequest.of("Choose a cache."));
      model.awaitCalls("ALPHA", 1);
      model.awaitCalls("BETA", 1);

      run.stop("enough");
      assertThat(time.advanceUntilDone(run.completion()))
          .outcome(Outcome.Stopped.class)
          .agent("ALPHA")
          .stopped()
          .agent("BETA")
          .stopped();
    }
  }

  @RepeatedTest(20)
  void aRunOutOfTimeHasTimedOutHoweverFastItsAgentsEnd() {
    try (Orchestrator orchestrator = orchestrator()) {
      Orchestration run = orchestrator.start(RunRequest.of("Choose a cache."));

      assertThat(time.advanceUntilDone(run.completion()))
          .outcome(Outcome.TimedOut.class)
          .agent("ALPHA")
          .timedOut()
          .agent("BETA")
          .timedOut();
    }
  }

  private Orchestrator orchestrator() {
    return Orchestrator.builder().model("scripted", model).time(time).build();
  }
}
