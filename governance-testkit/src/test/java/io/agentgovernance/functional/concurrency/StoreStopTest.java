// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.spi.ForwardingRunStore;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A write that has passed every check of the runtime when its run ends: the store decides. */
@Timeout(180)
class StoreStopTest {
  private final ManualTime time = Runs.manualTime();
  private final CountDownLatch onItsWay = new CountDownLatch(1);
  private final Held held = new Held();

  /** A store that writes reach late. */
  private class SlowToWrite extends ForwardingRunStore {
    SlowToWrite(RunStore real) {
      super(real);
    }

    @Override
    public <R> Applied<R> apply(Command<R> command) {
      if (command instanceof Command.Write) {
        onItsWay.countDown();
        held.deaf();
      }
      return super.apply(command);
    }
  }

  /** The same, but it does not let a run end. */
  private final class Unstoppable extends SlowToWrite {
    Unstoppable(RunStore real) {
      super(real);
    }

    @Override
    public <R> Applied<R> apply(Command<R> command) {
      boolean ends =
          command instanceof Command.Stop
              || command instanceof Command.SetStatus
              || command instanceof Command.SetAgentStatus;
      return ends ? Applied.refused(Applied.Status.CONFLICT, "IGNORED") : super.apply(command);
    }

    @Override
    public boolean stopped() {
      return false;
    }
  }

  @Test
  void aWriteOnItsWayWhenTheRunIsStoppedIsRefusedByTheStore() {
    assertThat(boardAfterStop(SlowToWrite::new)).isEmpty();
  }

  /** The control: this is what the test above and those of other ends would see without it. */
  @Test
  void aStoreThatIgnoresTheStopWouldLetTheWriteThrough() {
    assertThat(boardAfterStop(Unstoppable::new))
        .extracting(BlackboardEntry::key)
        .containsExactly("late");
  }

  private List<BlackboardEntry> boardAfterStop(UnaryOperator<RunStore> around) {
    var stores = new KeptStores(time, around);
    try (var threads = new CountedThreads();
        Orchestrator orchestrator =
            Orchestrator.builder()
                .time(time)
                .workers(Workers.executor(threads, 4))
                .blackboard(stores)
                .team(Runs.alone(ctx -> ctx.blackboard().put("late", "written").key()))
                .build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Write something"));
      Held.reached(onItsWay);
      CompletableFuture<StopReport> stop = Runs.aside(() -> run.stop("enough"));
      OrchestrationResult result = Runs.get(run.completion(), time, Duration.ofMillis(20));
      assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(stores.of(run.id()).entries("")).isEmpty();

      held.release();
      threads.awaitRunning(0);
      Runs.get(stop);

      return stores.of(run.id()).entries("");
    }
  }
}
