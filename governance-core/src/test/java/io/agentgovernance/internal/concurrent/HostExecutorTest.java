// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.AdmissionRefusedException.Reason;
import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.util.ArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a host's executor may do to us. */
class HostExecutorTest {
  private AgentThreads threads;

  @Test
  void anExecutorThatRefusesLeavesNothingBehind() {
    threads =
        threads(
            Workers.executor(
                task -> {
                  throw new RejectedExecutionException("the host is busy");
                },
                1));
    Admission run = admit(1);

    var refusal =
        catchThrowableOfType(AdmissionRefusedException.class, () -> run.start("alpha", () -> {}));

    assertThat(refusal.reason()).isEqualTo(Reason.EXECUTOR_REFUSED);
    assertThat(refusal).hasMessageContaining("alpha").hasMessageContaining("the host is busy");
    run.release();
    assertThat(threads.counters()).isEqualTo(new ThreadCounters(1, 1, 0, 0, 0, 0));
  }

  @Test
  void anExecutorThatRunsTasksOnTheCallerIsRefused() {
    threads = threads(Workers.executor(Runnable::run, 1));
    var ran = new AtomicBoolean();

    assertThatThrownBy(() -> admit(1).start("alpha", () -> ran.set(true)))
        .isInstanceOf(AdmissionRefusedException.class)
        .hasMessageContaining("on the thread that submits");
    assertThat(ran).isFalse();
  }

  @Test
  void anExecutorThatRunsATaskTwiceRunsItsBodyOnce() throws Exception {
    var held = new ArrayList<Runnable>();
    threads = threads(Workers.executor(held::add, 1));
    var runs = new AtomicInteger();
    admit(1).start("alpha", runs::incrementAndGet);

    runOnAnotherThread(held.get(0));
    runOnAnotherThread(held.get(0));

    assertThat(runs).hasValue(1);
    assertThat(threads.counters().running()).isZero();
  }

  @Test
  void closingLeavesAHostsExecutorOpen() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      threads = threads(Workers.executor(executor, 1));
      threads.close();

      assertThat(executor.submit(() -> "open").get()).isEqualTo("open");
    } finally {
      executor.shutdown();
    }
  }

  private Admission admit(int size) {
    return threads.admit(size, run -> {}, refusal -> {});
  }

  private static AgentThreads threads(Workers workers) {
    return new AgentThreads(workers, TimeSource.system(), ContextPropagator.none());
  }

  private static void runOnAnotherThread(Runnable task) throws InterruptedException {
    var thread = new Thread(task);
    thread.start();
    thread.join();
  }
}
