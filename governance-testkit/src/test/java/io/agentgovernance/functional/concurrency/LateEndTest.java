// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Usage;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.ForwardingCheckpointStore;
import io.agentgovernance.spi.ForwardingRunStore;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A run that is stopped, or out of time, when a store does not answer: a stop returns, and the
 * result waits for the store for two seconds at each step, and no longer.
 */
@Timeout(60)
class LateEndTest extends Stopping {
  private static final Duration MOST = Duration.ofSeconds(2);
  private static final Duration A_LITTLE = STEP.multipliedBy(3);

  private final CompletableFuture<Boolean> asked = new CompletableFuture<>();
  private final Held slow = new Held();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean away;
  private volatile boolean stopHangs;

  /**
   * A store that does not answer when an agent ends, and hangs for the final status, or not there
   * either.
   */
  private final class Away extends ForwardingRunStore {
    private final boolean hangs;

    Away(RunStore real, boolean hangs) {
      super(real);
      this.hangs = hangs;
    }

    @Override
    public <R> Applied<R> apply(Command<R> command) {
      if (!away) {
        return super.apply(command);
      }
      if (command instanceof Command.Stop && stopHangs) {
        hold();
      }
      if (command instanceof Command.SetStatus && hangs) {
        hold();
        Applied<R> applied = super.apply(command);
        done.countDown();
        return applied;
      }
      if (command instanceof Command.SetStatus
          || command instanceof Command.SetAgentStatus
          || command instanceof Command.Estimate) {
        throw new CoordinationUnavailableException("it is away", null);
      }
      return super.apply(command);
    }
  }

  /** Checkpoints of which the last one is slow, or all from a moment on. */
  private final class SlowToEnd extends ForwardingCheckpointStore {
    private volatile boolean hangs;

    SlowToEnd() {
      super(new MemoryCheckpointStore());
    }

    @Override
    public void append(RunId run, long epoch, List<Delta> deltas) {
      boolean last =
          deltas.stream()
              .anyMatch(
                  each -> each instanceof Delta.Marked m && m.checkpoint().status().isTerminal());
      if (last || hangs) {
        hold();
      }
      super.append(run, epoch, deltas);
      if (last) {
        done.countDown();
      }
    }
  }

  private void hold() {
    boolean unused = asked.complete(true);
    slow.deaf();
  }

  @AfterEach
  void end() {
    slow.release();
    held.release();
  }

  @Test
  void aFinalStatusThatIsNotTakenKeepsTheResultWaitingForTwoSeconds() {
    var stores = new KeptStores(time, real -> new Away(real, true));
    Orchestration run = stopped(deaf().blackboard(stores));

    waitsNoLongerThanItMay(run, "the final status is not yet set");
    assertThat(stores.of(run.id()).status().isTerminal()).isFalse();
    slow.release();
    Held.reached(done);
    assertThat(stores.of(run.id()).status().isTerminal()).as("it was set all the same").isTrue();
  }

  @Test
  void soDoesAFinalCheckpoint() {
    var stores = new KeptStores(time, real -> new Away(real, false));
    var checkpoints = new SlowToEnd();
    Orchestration run = stopped(deaf().blackboard(stores).checkpoints(checkpoints));

    waitsNoLongerThanItMay(run, "the final checkpoint is not yet written");
    assertThat(checkpoints.unfinished(10)).containsExactly(run.id());
    slow.release();
    Held.reached(done);
  }

  @Test
  void aStopThatDoesNotReachTheStoreDoesNotKeepTheResult() {
    stopHangs = true;
    var stores = new KeptStores(time, real -> new Away(real, false)).outside();
    Orchestration run = stopped(deaf().blackboard(stores));
    OrchestrationResult result = Runs.get(run.completion(), time, STEP);

    assertThat(result.outcome()).isEqualTo(new Outcome.Stopped("host", "enough"));
    assertThat(result.warnings()).contains("the stop has not reached the coordination store yet");
    assertThat(asked).isCompleted();
  }

  @Test
  void norThatOfARunWhoseTimeIsOver() {
    stopHangs = true;
    away = true;
    var stores = new KeptStores(time, real -> new Away(real, false)).outside();
    Orchestration run = deaf().blackboard(stores).build().start(RunRequest.of("Ask"));
    Held.reached(inside);
    OrchestrationResult result = Runs.get(run.completion(), time, Runs.LONG.dividedBy(10));

    assertThat(result.outcome()).isInstanceOf(Outcome.TimedOut.class);
    assertThat(result.warnings()).contains("the stop has not reached the coordination store yet");
    assertThat(asked).isCompleted();
  }

  @Test
  void aCheckpointStoreThatHangsDoesNotKeepAStopFromReturning() {
    var checkpoints = new SlowToEnd();
    var stores = new KeptStores(time).outside();
    Orchestration run =
        deaf().blackboard(stores).checkpoints(checkpoints).build().start(RunRequest.of("Ask"));
    Held.reached(inside);
    checkpoints.hangs = true;
    StopReport report = Runs.get(Runs.aside(() -> run.stop("enough")), time, STEP);

    assertThat(report.agents()).hasSize(1);
    assertThat(asked).isCompleted();
    assertThat(run.completion()).isNotDone();
    slow.release();
    assertThat(Runs.get(run.completion(), time, STEP).warnings())
        .contains("the stop is not remembered yet");
  }

  /** Stops a run whose agent is deaf, so that the store is asked what became of it. */
  private Orchestration stopped(OrchestratorBuilder builder) {
    Orchestration run = builder.build().start(RunRequest.of("Ask"));
    Held.reached(inside);
    away = true;
    var unused = Runs.aside(() -> run.stop("enough"));
    return run;
  }

  private void waitsNoLongerThanItMay(Orchestration run, String warning) {
    assertThat(Runs.get(asked, time, STEP)).isTrue();
    time.advance(MOST.minus(A_LITTLE));
    assertThat(run.completion()).as("it waits a little").isNotDone();
    time.advance(A_LITTLE);
    OrchestrationResult result = Runs.result(run);

    assertThat(result.outcome()).isEqualTo(new Outcome.Stopped("host", "enough"));
    assertThat(result.warnings()).contains(warning);
  }

  private OrchestratorBuilder deaf() {
    return builder()
        .model(
            "deaf",
            (request, exchange) -> {
              inside.countDown();
              held.deaf();
              return ChatReply.of("late", Usage.of(1, 1), request.model());
            })
        .team(asking);
  }
}
