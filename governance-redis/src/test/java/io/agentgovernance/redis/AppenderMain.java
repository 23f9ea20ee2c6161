// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Appends to many runs at once and says what was acknowledged, until it is killed. */
final class AppenderMain {
  static final int RUNS = 8;

  /** How many deltas each append has; which ones follows from its number. */
  static final int BATCH = 3;

  private AppenderMain() {}

  /** Arguments: the URI, and what the ids of its runs begin with. */
  public static void main(String[] args) throws InterruptedException {
    var out = new PrintStream(System.out, false, UTF_8);
    RedisCheckpointStore store = RedisCheckpointStore.builder(args[0]).open();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      RunId run = RunId.of(args[1] + "-" + i);
      threads.add(new Thread(() -> append(store, run, out)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  static List<Delta> batch(int number) {
    return deltas(number * BATCH, (number + 1) * BATCH);
  }

  static List<Delta> deltas(int from, int to) {
    return IntStream.range(from, to)
        .<Delta>mapToObj(i -> new Delta.Elapsed(Duration.ofMillis(i)))
        .toList();
  }

  private static void append(RedisCheckpointStore store, RunId run, PrintStream out) {
    long epoch = store.claim(run, 0).orElseThrow();
    for (int i = 0; ; i++) {
      store.append(run, epoch, batch(i));
      say(out, run + " " + i + " .");
    }
  }

  private static synchronized void say(PrintStream out, String line) {
    out.println(line);
    out.flush();
  }
}
