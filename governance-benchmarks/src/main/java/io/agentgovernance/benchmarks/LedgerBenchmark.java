// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.sqlite.AnchorKeys;
import io.agentgovernance.ledger.sqlite.SqliteLedger;
import io.agentgovernance.payload.Payload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * How many entries the ledger on SQLite acknowledges in a second, on stable storage, with group
 * commit, against one commit per entry in the same tables and against what the disk needs to
 * confirm a write; and how many it verifies. All in one run, in rounds, so that a disk that is slow
 * for a while is slow for all.
 */
public final class LedgerBenchmark {

  private static final int[] PRODUCERS = {1, 4, 16, 64};
  private static final int VERIFIED = 500_000;
  private static final int AT_ONCE = 4_096;

  private final Path folder;
  private final int rounds;
  private final Duration time;
  private final TreeMap<String, List<Latencies>> measured = new TreeMap<>();

  private LedgerBenchmark(Path folder, int rounds, Duration time) {
    this.folder = folder;
    this.rounds = rounds;
    this.time = time;
  }

  /**
   * Runs it and prints the tables.
   *
   * @param args {@code quick} for one short round, or {@code rounds=5} and {@code seconds=4}
   */
  public static void main(String[] args) throws Exception {
    var rounds = 5;
    var seconds = 4;
    for (var arg : args) {
      if (arg.matches("rounds=[1-9][0-9]?")) {
        rounds = Integer.parseInt(arg.substring("rounds=".length()));
      } else if (arg.matches("seconds=[1-9][0-9]?")) {
        seconds = Integer.parseInt(arg.substring("seconds=".length()));
      } else if (arg.equals("quick")) {
        rounds = 1;
        seconds = 1;
      } else {
        System.err.println(
            "expected 'quick', 'rounds=<number>' or 'seconds=<number>' but found '" + arg + "'");
        System.exit(2);
      }
    }
    var results = Path.of(System.getProperty("results", "target/results"));
    Files.createDirectories(results);
    var folder = Files.createTempDirectory(results, "ledger");
    try {
      new LedgerBenchmark(folder, rounds, Duration.ofSeconds(seconds)).measure();
    } finally {
      GovernedStores.remove(folder);
    }
  }

  private void measure() throws Exception {
    System.out.println(Environment.describe());
    System.out.printf(
        Locale.ROOT,
        "SQLite %s, WAL, synchronous=FULL, file system %s; body of %d bytes; %d rounds of %d s each,"
            + " the median round is shown%n%n",
        sqliteVersion(),
        Files.getFileStore(folder).type(),
        draft("x", 1).body().bytes(),
        rounds,
        time.toSeconds());
    round(-1, Duration.ofSeconds(1));
    measured.clear();
    for (var round = 0; round < rounds; round++) {
      round(round, time);
    }
    print();
    verify();
  }

  private void round(int round, Duration time) throws Exception {
    keep("sync", PageSync.measure(folder.resolve("sync")));
    for (var producers : new int[] {1, 16}) {
      keep("single/" + producers, oneCommitPerEntry(round, producers, time));
    }
    for (var producers : PRODUCERS) {
      keep("group/" + producers, groupCommit(round, producers, time));
    }
    keep("sync", PageSync.measure(folder.resolve("sync")));
  }

  private void keep(String what, Latencies latencies) {
    measured.computeIfAbsent(what, unused -> new ArrayList<>()).add(latencies);
  }

  private Latencies oneCommitPerEntry(int round, int producers, Duration time) throws Exception {
    var file = folder.resolve("single-%d-%d.db".formatted(round, producers));
    open(file).close();
    try (var ledger = new OneCommitPerEntry(file)) {
      return produce(producers, time, ledger::append);
    }
  }

  private Latencies groupCommit(int round, int producers, Duration time) throws Exception {
    var file = folder.resolve("group-%d-%d.db".formatted(round, producers));
    try (var ledger = open(file)) {
      return produce(producers, time, draft -> ledger.append(draft).get());
    }
  }

  private SqliteLedger open(Path file) {
    return SqliteLedger.builder(file).signingKey(folder.resolve("keys/benchmark.key")).open();
  }

  private interface Append {
    void acknowledged(LedgerDraft draft) throws Exception;
  }

  /** Each producer appends one entry after the other, and waits for each. */
  private static Latencies produce(int producers, Duration time, Append append) throws Exception {
    var pool = AgentPool.create(producers);
    try {
      var begin = System.nanoTime();
      var end = begin + time.toNanos();
      var tasks = new ArrayList<Callable<Latencies>>();
      for (var producer = 0; producer < producers; producer++) {
        var prefix = "p" + producer + "/";
        tasks.add(
            () -> {
              var latencies = new Latencies();
              for (var i = 0; System.nanoTime() < end; i++) {
                var draft = draft(prefix + i, i);
                var start = System.nanoTime();
                append.acknowledged(draft);
                latencies.add(System.nanoTime() - start);
              }
              return latencies;
            });
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

  private static LedgerDraft draft(String key, int n) {
    return LedgerDraft.of(
        TenantId.parse("default"),
        RunId.parse("01jd4k0v8m2n3p4q5r6s7t8v9w"),
        "INTENT",
        Instant.now(),
        key,
        Payload.json(
            "{\"action\":\"model\",\"agent\":\"alpha\",\"digest\":\"c2da437cdc1e2b473d6324ea2cf5ddb78b5d3fb126df14d0ecf0292306cf948d\",\"estimate\":{\"tokens\":1200,\"usd\":\"0.0123\"},\"model\":\"openrouter:anthropic/claude-sonnet-4\",\"policy\":\"default/3\",\"turn\":"
                + n
                + "}"));
  }

  private void print() {
    var sync = median("sync", Comparator.comparingDouble(each -> each.millis(0.5)));
    System.out.println("| | producers | entries/s | p50 ms | p99 ms | × one commit | p50 ÷ sync |");
    System.out.println("|---|---|---|---|---|---|---|");
    var single = Math.max(rate("single/1").perSecond(), rate("single/16").perSecond());
    row("a page written and fdatasync", "1", sync, single, sync);
    for (var producers : new int[] {1, 16}) {
      row(
          "one commit per entry",
          String.valueOf(producers),
          rate("single/" + producers),
          single,
          sync);
    }
    for (var producers : PRODUCERS) {
      row("group commit", String.valueOf(producers), rate("group/" + producers), single, sync);
    }
    System.out.printf(
        Locale.ROOT,
        "%n× one commit: against the faster of the two rows above it. Of each round: one commit, one"
            + " producer %s entries/s; group commit, 16 producers %s entries/s, p50 %s ms;"
            + " fdatasync p50 %s ms%n",
        rounds("single/1", "%,.0f", Latencies::perSecond),
        rounds("group/16", "%,.0f", Latencies::perSecond),
        rounds("group/16", "%.3f", each -> each.millis(0.5)),
        rounds("sync", "%.3f", each -> each.millis(0.5)));
  }

  private List<Latencies> measured(String what) {
    return measured.getOrDefault(what, List.of());
  }

  private String rounds(String what, String format, Function<Latencies, Double> figure) {
    return measured(what).stream()
        .map(each -> String.format(Locale.ROOT, format, figure.apply(each)))
        .reduce((left, right) -> left + "; " + right)
        .orElse("none");
  }

  private Latencies rate(String what) {
    return median(what, Comparator.comparingDouble(Latencies::perSecond));
  }

  private Latencies median(String what, Comparator<Latencies> by) {
    var sorted = measured(what).stream().sorted(by).toList();
    return sorted.get(sorted.size() / 2);
  }

  private static void row(
      String what, String producers, Latencies figures, double single, Latencies sync) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %,.0f | %.3f | %.3f | %.1f | %.1f |%n",
        what,
        producers,
        figures.perSecond(),
        figures.millis(0.5),
        figures.millis(0.99),
        figures.perSecond() / single,
        figures.millis(0.5) / sync.millis(0.5));
  }

  private void verify() throws Exception {
    var file = folder.resolve("verified.db");
    try (var ledger = open(file)) {
      for (var from = 0; from < VERIFIED; from += AT_ONCE) {
        var futures = new ArrayList<CompletableFuture<?>>();
        for (var i = from; i < Math.min(from + AT_ONCE, VERIFIED); i++) {
          futures.add(ledger.append(draft("v" + i, i)));
        }
        futures.forEach(CompletableFuture::join);
      }
    }
    var key = AnchorKeys.read(folder.resolve("keys/benchmark.key.pub"));
    var rates = new double[rounds + 1];
    for (var i = 0; i < rates.length; i++) {
      var start = System.nanoTime();
      var result = SqliteLedger.verify(file, key);
      rates[i] = VERIFIED * 1e9 / (System.nanoTime() - start);
      if (!(result instanceof Verification.Ok)) {
        throw new IllegalStateException("the ledger just written is " + result);
      }
    }
    var warm = Arrays.copyOfRange(rates, 1, rates.length);
    Arrays.sort(warm);
    System.out.printf(
        Locale.ROOT,
        "%n| verify, %,d entries, %,d MiB | entries/s |%n|---|---|%n"
            + "| first time | %,.0f |%n| median of %d more | %,.0f |%n",
        VERIFIED,
        Files.size(file) >> 20,
        rates[0],
        warm.length,
        warm[warm.length / 2]);
  }

  private static String sqliteVersion() throws Exception {
    try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite::memory:");
        var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT sqlite_version()")) {
      return row.next() ? row.getString(1) : "unknown";
    }
  }
}
