// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long after its deadline a run returns, when both agents are inside a model call at that time.
 * In every second run the call ends when it is interrupted; in the others it swallows interruption
 * and answers long after the deadline. Full governance, memory ledger.
 *
 * <p>The time of a run begins when the caller calls {@code run}, so what comes before the run's own
 * clock counts against it.
 */
public final class DeadlineBenchmark {

  private static final int RUNS = 1_000;
  private static final int AT_ONCE = 4;
  private static final int WARM_UPS = 100;
  private static final int THREADS = 256;
  private static final Duration DEADLINE = Duration.ofMillis(100);

  /** Long after the deadline, and soon enough for the threads to be free again. */
  private static final Duration ANSWERS_AFTER = Duration.ofMillis(400);

  private final AtomicInteger lateReplies = new AtomicInteger();
  private final AtomicInteger otherOutcomes = new AtomicInteger();
  private final AtomicInteger acceptedOutputs = new AtomicInteger();

  private DeadlineBenchmark() {}

  /** Runs it and prints the distribution. */
  public static void main(String[] args) throws Exception {
    System.out.println(Environment.describe() + "\n");
    new DeadlineBenchmark().measure();
  }

  private void measure() throws Exception {
    var callers = AgentPool.create(AT_ONCE);
    try (var orchestrator =
        GovernedPair.governed(
                Orchestrator.builder()
                    .workers(Workers.platform(THREADS))
                    .model("stub:", GovernedPair.chat(this::reply))
                    .team(GovernedPair.team()))
            .build()) {
      batch(orchestrator, callers, WARM_UPS);
      lateReplies.set(0);
      var late = batch(orchestrator, callers, RUNS);
      TimeUnit.NANOSECONDS.sleep(2 * ANSWERS_AFTER.toNanos()); // the last late replies come in
      print("interruption is honoured", late[0]);
      print("interruption is swallowed", late[1]);
      print("both", both(late));
      System.out.printf(
          Locale.ROOT,
          "%nruns that ended otherwise than by their deadline: %d; replies the model gave after the"
              + " deadline: %d; outputs of those accepted: %d%n",
          otherOutcomes.get(),
          lateReplies.get(),
          acceptedOutputs.get());
    } finally {
      callers.shutdownNow();
    }
  }

  /** Makes the runs, and returns how late those that honour and those that swallow returned. */
  private long[][] batch(Orchestrator orchestrator, ExecutorService callers, int runs)
      throws Exception {
    var tasks = new ArrayList<Callable<Long>>();
    for (var i = 0; i < runs; i++) {
      var objective = i % 2 == 0 ? "honour" : "swallow";
      tasks.add(() -> late(orchestrator, objective));
    }
    var done = callers.invokeAll(tasks);
    var late = new long[2][(runs + 1) / 2];
    for (var i = 0; i < runs; i++) {
      late[i % 2][i / 2] = done.get(i).get();
    }
    return late;
  }

  private long late(Orchestrator orchestrator, String objective) {
    var start = System.nanoTime();
    var result = orchestrator.run(RunRequest.of(objective).timeout(DEADLINE));
    var late = System.nanoTime() - start - DEADLINE.toNanos();
    if (!(result.outcome() instanceof Outcome.TimedOut)) {
      otherOutcomes.incrementAndGet();
    }
    for (var agent : result.agents()) {
      if (agent.output(AgentPhase.EXECUTE).isPresent()) {
        acceptedOutputs.incrementAndGet();
      }
    }
    return late;
  }

  private String reply(Role role, String prompt) throws InterruptedException {
    var end = System.nanoTime() + ANSWERS_AFTER.toNanos();
    for (var left = ANSWERS_AFTER.toNanos(); left > 0; left = end - System.nanoTime()) {
      try {
        TimeUnit.NANOSECONDS.sleep(left);
      } catch (InterruptedException e) {
        if (prompt.endsWith("honour")) {
          throw e;
        }
      }
    }
    lateReplies.incrementAndGet();
    return role.name();
  }

  private static long[] both(long[][] late) {
    var all = Arrays.copyOf(late[0], late[0].length + late[1].length);
    System.arraycopy(late[1], 0, all, late[0].length, late[1].length);
    return all;
  }

  private static void print(String what, long[] late) {
    Arrays.sort(late);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d runs | p50 %.1f ms | p99 %.1f ms | max %.1f ms |%n",
        what,
        late.length,
        millis(late[late.length / 2]),
        millis(late[late.length * 99 / 100]),
        millis(late[late.length - 1]));
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
