// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.checkpoint.sqlite.SqliteCheckpointStore;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * How many appends the checkpoint store on SQLite acknowledges in a second, on stable storage, when
 * each of so many runs appends what one model call leaves behind and waits for it; and how quickly
 * a long run is read again.
 */
public final class CheckpointBenchmark {

  private static final int[] RUNS = {1, 16, 32};
  private static final int READ = 100_000;
  private static final int PAGE = 1_000;

  private final Path folder;
  private final int rounds;
  private final Duration time;
  private final TreeMap<Integer, List<Latencies>> measured = new TreeMap<>();

  private CheckpointBenchmark(Path folder, int rounds, Duration time) {
    this.folder = folder;
    this.rounds = rounds;
    this.time = time;
  }

  /**
   * Runs it and prints the tables. With {@code quick}, in one short round.
   *
   * @param args at most {@code quick}
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 1 || (args.length == 1 && !args[0].equals("quick"))) {
      System.err.println("expected nothing or 'quick', but found " + String.join(" ", args));
      System.exit(2);
    }
    var quick = args.length == 1;
    var results = Path.of(System.getProperty("results", "target/results"));
    Files.createDirectories(results);
    var folder = Files.createTempDirectory(results, "checkpoints");
    try {
      new CheckpointBenchmark(folder, quick ? 1 : 5, Duration.ofSeconds(quick ? 1 : 4)).measure();
    } finally {
      remove(folder);
    }
  }

  private void measure() throws Exception {
    System.out.println(Environment.describe());
    System.out.printf(
        Locale.ROOT,
        "WAL, synchronous=FULL, file system %s; %d deltas of %d bytes together in each append;"
            + " %d rounds of %d s each, the median round is shown%n%n",
        Files.getFileStore(folder).type(),
        deltas(1).size(),
        deltas(1).stream().mapToInt(CheckpointBenchmark::bytes).sum(),
        rounds,
        time.toSeconds());
    round(-1, Duration.ofSeconds(1));
    measured.clear();
    for (var round = 0; round < rounds; round++) {
      round(round, time);
    }
    System.out.println("| runs | appends/s | deltas/s | p50 ms | p99 ms |");
    System.out.println("|---|---|---|---|---|");
    measured.forEach(CheckpointBenchmark::print);
    read();
  }

  private void round(int round, Duration time) throws Exception {
    for (var runs : RUNS) {
      var file = folder.resolve("append-%d-%d.db".formatted(round, runs));
      try (var store = SqliteCheckpointStore.open(file)) {
        measured.computeIfAbsent(runs, unused -> new ArrayList<>()).add(append(store, runs, time));
      }
    }
  }

  private static Latencies append(SqliteCheckpointStore store, int runs, Duration time)
      throws Exception {
    var pool = AgentPool.create(runs);
    try {
      var begin = System.nanoTime();
      var end = begin + time.toNanos();
      var tasks = new ArrayList<Callable<Latencies>>();
      for (var i = 0; i < runs; i++) {
        tasks.add(() -> appendUntil(end, store));
      }
      var all = new Latencies();
      for (var done : pool.invokeAll(tasks)) {
        all.addAll(done.get());
      }
      return all.elapsed(System.nanoTime() - begin);
    } finally {
      pool.shutdownNow();
    }
  }

  private static Latencies appendUntil(long end, SqliteCheckpointStore store) {
    var latencies = new Latencies();
    var run = RunId.random();
    var epoch = store.claim(run, 0).orElseThrow();
    for (var i = 1; System.nanoTime() < end; i++) {
      var deltas = deltas(i);
      var start = System.nanoTime();
      store.append(run, epoch, deltas);
      latencies.add(System.nanoTime() - start);
    }
    return latencies;
  }

  /** What is remembered with one model call: its reservation, its reply, its settlement. */
  private static List<Delta> deltas(int n) {
    var agent = AgentId.of("01jd4k0v8m2n3p4q5r6s7t8v9w-alpha");
    var reservation = "01jd4k0v8m2n3p4q5r6s7t8v9w-alpha/EXECUTE/" + n;
    var cost = new BigDecimal("0.0123");
    var now = Instant.now();
    return List.of(
        new Delta.Changed(2L * n, now, new Command.Reserve(agent, 1, reservation, 4_096, cost)),
        new Delta.Journaled(
            new JournalEntry(
                agent,
                AgentPhase.EXECUTE,
                1,
                n,
                "model",
                Digest.sha256(reservation),
                JournalEntry.Outcome.OK,
                Payload.text("A reply of some length. ".repeat(60)))),
        new Delta.Changed(
            2L * n + 1, now, new Command.Settle(agent, 1, reservation, 812, 2_048, cost)));
  }

  private static int bytes(Delta delta) {
    return DeltaJson.write(delta).getBytes(StandardCharsets.UTF_8).length;
  }

  private static void print(int runs, List<Latencies> rounds) {
    var sorted = rounds.stream().sorted(Comparator.comparingDouble(Latencies::perSecond)).toList();
    var median = sorted.get(sorted.size() / 2);
    System.out.printf(
        Locale.ROOT,
        "| %d | %,.0f | %,.0f | %.3f | %.3f |%n",
        runs,
        median.perSecond(),
        median.perSecond() * deltas(1).size(),
        median.millis(0.5),
        median.millis(0.99));
  }

  private void read() throws IOException {
    var file = folder.resolve("read.db");
    try (var store = SqliteCheckpointStore.open(file)) {
      var run = RunId.random();
      var epoch = store.claim(run, 0).orElseThrow();
      for (var i = 0; i < READ; i += PAGE) {
        var deltas = new ArrayList<Delta>();
        while (deltas.size() < PAGE) {
          deltas.addAll(deltas(i + deltas.size()));
        }
        store.append(run, epoch, deltas);
      }
      var rates = new ArrayList<Double>();
      for (var i = 0; i <= rounds; i++) {
        var start = System.nanoTime();
        var read = 0;
        for (var page = store.read(run, 0, PAGE);
            !page.isEmpty();
            page = store.read(run, read, PAGE)) {
          read += page.size();
        }
        rates.add(read * 1e9 / (System.nanoTime() - start));
      }
      var warm = rates.subList(1, rates.size()).stream().sorted().toList();
      System.out.printf(
          Locale.ROOT,
          "%n| read again, %,d deltas, %,d MiB | deltas/s |%n|---|---|%n| median of %d | %,.0f |%n",
          READ,
          Files.size(file) >> 20,
          warm.size(),
          warm.get(warm.size() / 2));
    }
  }

  private static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
