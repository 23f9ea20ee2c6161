// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.Orchestration;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.time.Workers;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How much heap a run takes while its two agents wait for a slow model, with many runs at once.
 * Needs a JDK with virtual threads, whose stacks are on the heap and are counted. Full governance:
 * memory ledger and checkpoints, policies and a listener.
 */
public final class WaitingRuns {

  private static final int RUNS = 10_000;
  private static final int WARM_UPS = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final CountDownLatch inside = new CountDownLatch(Role.values().length * RUNS);
  private final CountDownLatch answers = new CountDownLatch(1);

  private WaitingRuns() {}

  /** Starts the runs, measures the heap, lets them end. */
  public static void main(String[] args) throws Exception {
    var workers = Workers.virtualIfAvailable();
    if (workers.kind() != Workers.Kind.VIRTUAL) {
      System.err.println(
          "expected a JDK with virtual threads, 21 or newer, but found " + Runtime.version());
      System.exit(2);
    }
    System.out.println(Environment.describe() + "\n");
    warmUp(workers);
    new WaitingRuns().measure(workers);
  }

  private static void warmUp(Workers workers) {
    try (var orchestrator = orchestrator(workers, StubModel.immediate())) {
      for (var i = 0; i < WARM_UPS; i++) {
        GovernedPair.both(orchestrator.run("warm-up"));
      }
    }
  }

  private static Orchestrator orchestrator(Workers workers, StubModel model) {
    return GovernedPair.governed(
            Orchestrator.builder()
                .workers(workers)
                .timeout(PATIENCE)
                .callTimeout(PATIENCE)
                .model("stub:", GovernedPair.chat(model))
                .team(GovernedPair.team()))
        .build();
  }

  private void measure(Workers workers) throws Exception {
    try (var orchestrator = orchestrator(workers, this::reply)) {
      List<Orchestration> runs = new ArrayList<>(RUNS);
      var before = usedAfterCollection();
      var start = System.nanoTime();
      for (var i = 0; i < RUNS; i++) {
        runs.add(orchestrator.start(RunRequest.of("bees " + i)));
      }
      if (!inside.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "expected every agent inside its model call but " + inside.getCount() + " are not");
      }
      var started = System.nanoTime() - start;
      var used = usedAfterCollection() - before;
      var threads = ManagementFactory.getThreadMXBean().getThreadCount();
      answers.countDown();
      for (var run : runs) {
        var status = run.await().status();
        if (status != PipelineStatus.COMPLETED) {
          throw new IllegalStateException("expected a completed run but found " + status);
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%,d runs of two agents waiting at once: %.1f KiB of heap each (%.1f MiB in all), %d"
              + " platform threads, all waiting after %.1f s, all completed after %.1f s%n",
          RUNS,
          used / 1024.0 / RUNS,
          used / 1024.0 / 1024.0,
          threads,
          started / 1e9,
          (System.nanoTime() - start) / 1e9);
    }
  }

  private String reply(Role role, String prompt) throws InterruptedException {
    inside.countDown();
    answers.await();
    return role.name();
  }

  private static long usedAfterCollection() throws InterruptedException {
    for (var i = 0; i < 4; i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(200);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
