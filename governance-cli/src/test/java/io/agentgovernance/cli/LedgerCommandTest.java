// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static io.agentgovernance.cli.AuditedFolder.append;
import static io.agentgovernance.cli.AuditedFolder.field;
import static io.agentgovernance.cli.AuditedFolder.sequences;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.sqlite.SqliteLedger;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code governance ledger}, all but verifying. */
class LedgerCommandTest {
  @TempDir private Path directory;

  private AuditedFolder folder;

  @BeforeEach
  void writeTen() {
    folder = AuditedFolder.in(directory);
  }

  @Test
  void exportsEveryEntryAsALineOfJson() {
    Cli.Outcome outcome = folder.ledger("export", "ledger.db");

    assertThat(outcome.exitCode()).isZero();
    assertThat(sequences(outcome.out()))
        .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    assertThat(outcome.out()).doesNotContain("\u001b");
    assertThat(outcome.err()).contains("exported 10 entries").contains("ledger verify ledger.db");
    String first = outcome.out().lines().findFirst().orElseThrow();
    assertThat(field(first, "/at")).isEqualTo("2026-11-20T10:00:01.123456789Z");
    assertThat(field(first, "/idempotency_key")).isEqualTo("k1");
    assertThat(field(first, "/body/n")).isEqualTo("1");
    assertThat(field(first, "/hash")).hasSize(64);
  }

  @Test
  void exportsWhatIsAskedForOnly() {
    assertThat(sequences(folder.ledger("export", "ledger.db", "--type", "DENIED", "--quiet").out()))
        .containsExactly("5", "10");
    assertThat(
            sequences(folder.ledger("export", "ledger.db", "--run", "run-2", "--limit", "2").out()))
        .containsExactly("2", "4");
    assertThat(sequences(folder.ledger("export", "ledger.db", "--after", "8").out()))
        .containsExactly("9", "10");
    String[] times = {"--from", "2026-11-20T10:00:03.123456789Z", "--to", "2026-11-20T10:00:05Z"};
    assertThat(
            sequences(
                folder.ledger("export", "ledger.db", times[0], times[1], times[2], times[3]).out()))
        .containsExactly("3", "4");
    assertThat(folder.ledger("export", "ledger.db", "--tenant", "other").out()).isEmpty();
  }

  @Test
  void exportsToANewFileOnly() throws Exception {
    Cli.Outcome outcome = folder.ledger("export", "ledger.db", "--out", "o.jsonl", "--quiet");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out() + outcome.err()).isEmpty();
    assertThat(Files.readString(directory.resolve("o.jsonl")))
        .isEqualTo(folder.ledger("export", "ledger.db").out());
    assertThat(folder.ledger("export", "ledger.db", "--out", "o.jsonl").exitCode()).isEqualTo(2);
    assertThat(folder.ledger("export", "ledger.db", "--out", "no/o.jsonl").exitCode()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "export missing.db",
        "export ledger.db --run Ü",
        "export ledger.db --from yesterday",
        "export ledger.db --after -1",
        "export ledger.db --limit 0",
        "export ledger.db --limit many",
        "export ledger.db --type",
        "tail ledger.db --lines -1",
        "tail ledger.db --lines 1001",
        "tail ledger.db --max 5",
        "tail ledger.db --follow --max 0",
        "stats missing.db",
        "stats",
        "backup ledger.db",
        "backup ledger.db ledger.db",
        "backup ledger.db no/copy.db",
        "vrify ledger.db",
        ""
      })
  void badInputEndsWith2(String args) {
    Cli.Outcome outcome = folder.ledger(args.isEmpty() ? new String[0] : args.split(" "));

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).isNotBlank().doesNotContain("\tat ");
  }

  // ---- tail

  @Test
  void showsTheLastOnes() {
    Cli.Outcome outcome = folder.ledger("tail", "ledger.db", "--lines", "2");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out().lines()).hasSize(2);
    assertThat(outcome.out())
        .contains("10  2026-11-20T10:00:10.123Z", "DENIED", "run-2", "{\"n\":10")
        .doesNotContain("\u001b");
    assertThat(folder.ledger("tail", "ledger.db", "--lines", "0").out()).isEmpty();
    assertThat(sequences(folder.ledger("tail", "ledger.db", "--type", "DENIED", "--json").out()))
        .containsExactly("5", "10");
  }

  @Test
  void followsUntilThereWereEnough() throws Exception {
    try (SqliteLedger ledger = folder.open()) {
      var follower =
          CompletableFuture.supplyAsync(
              () ->
                  folder.ledger(
                      "tail", "ledger.db", "--lines", "1", "--follow", "--max", "4", "--json"));
      append(ledger, 11, 13);

      // Whatever it saw first: more come until it has had enough.
      for (int i = 14; !follower.isDone(); i++) {
        append(ledger, i, i);
      }
      Cli.Outcome outcome = follower.get(60, TimeUnit.SECONDS);

      assertThat(outcome.exitCode()).isZero();
      List<String> seen = sequences(outcome.out());
      assertThat(seen).hasSize(4);
      long first = Long.parseLong(seen.get(0));
      assertThat(seen)
          .containsExactly(
              String.valueOf(first),
              String.valueOf(first + 1),
              String.valueOf(first + 2),
              String.valueOf(first + 3));
    }
  }

  @Test
  void followsUntilCtrlC() {
    Cli.Outcome outcome =
        Cli.in(directory)
            .interrupts(
                stop -> {
                  stop.run();
                  return () -> {};
                })
            .run("ledger", "tail", "ledger.db", "--follow", "--json");

    assertThat(outcome.exitCode()).isZero();
    assertThat(sequences(outcome.out())).hasSize(10);
  }

  // ---- stats and backup

  @Test
  void countsWhatIsThere() {
    Cli.Outcome json = folder.ledger("stats", "ledger.db", "--json");
    Cli.Outcome text = folder.ledger("stats", "ledger.db");

    assertThat(json.exitCode()).isZero();
    assertThat(field(json.out(), "/entries")).isEqualTo("10");
    assertThat(field(json.out(), "/runs")).isEqualTo("2");
    assertThat(field(json.out(), "/types/DENIED")).isEqualTo("2");
    assertThat(field(json.out(), "/anchored_sequence")).isEqualTo("10");
    assertThat(text.out()).contains("entries  10 of 2 runs", "NOTE", "up to entry 10");
  }

  @Test
  void copiesAndVerifiesTheCopy() {
    Cli.Outcome outcome =
        folder.ledger("backup", "ledger.db", "copy.db", "--public-key", "keys/k.pub");

    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("OK  10 entries");
    assertThat(folder.ledger("verify", "copy.db", "--public-key", "keys/k.pub").exitCode())
        .isZero();
    assertThat(sequences(folder.ledger("export", "copy.db").out())).hasSize(10);
  }

  @Test
  void aCopyOfWhatWasChangedIsNotGood() throws Exception {
    folder.sql("DROP TRIGGER entry_no_update", "UPDATE entry SET type = 'X' WHERE seq = 4");

    Cli.Outcome outcome =
        folder.ledger("backup", "ledger.db", "copy.db", "--public-key", "keys/k.pub", "--json");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(field(outcome.out(), "/status")).isEqualTo("TAMPERED");
  }

  @Test
  void progressIsShownOnATerminalOnly() {
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(Terminal.Kind.FILE, Terminal.Kind.TERMINAL, Terminal.Color.NEVER, 100);
    var stream = new PrintStream(err, true, UTF_8);
    try (ProgressLine line = new ProgressLine(stream, "verifying", terminal, 0)) {
      line.at(1_500, 3_000);
    }
    try (ProgressLine line = new ProgressLine(stream, "hidden", Terminal.NONE, 0)) {
      line.at(1, 2);
    }

    assertThat(err.toString(UTF_8))
        .contains("verifying  1,500 of 3,000 entries, 50 %")
        .endsWith("\r\u001b[2K")
        .doesNotContain("hidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify", "export", "tail", "stats", "backup"})
  void everyCommandExplainsItself(String command) {
    Cli.Outcome outcome = folder.ledger("help", command);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("governance ledger " + command, "Exit codes:", "<path>");
    assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(folder.ledger(command, "--help").out()).isEqualTo(outcome.out());
  }

  @Test
  void theGroupExplainsItself() {
    assertThat(folder.ledger("--help").out())
        .contains("verify", "export", "tail", "stats", "backup");
    assertThat(Cli.in(directory).run("help").out()).contains("ledger");
  }
}
