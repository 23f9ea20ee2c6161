// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import io.agentgovernance.ledger.Verification.Tampered;
import io.agentgovernance.ledger.Verification.UnanchoredTail;
import io.agentgovernance.ledger.Verification.UntrustedKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F4: what a person with the file can do to it shows, and where. */
class TamperingTest {
  private static final int TIMES = Trials.of(20);
  private static final int ENTRIES = 100;
  private static final int ANCHOR_EVERY = 10;

  @TempDir static Path folder;

  private static final long SEED = System.nanoTime();
  private static final Random RANDOM = new Random(SEED);
  private static Path original;
  private static PublicKey key;
  private static List<Anchor> anchors;

  @BeforeAll
  static void writeOne() {
    try (var ledger = Ledgers.builder(folder).anchorEvery(ANCHOR_EVERY).open()) {
      for (int i = 1; i <= ENTRIES; i++) {
        Ledgers.append(ledger, i, i);
      }
    }
    original = Ledgers.file(folder);
    key = Ledgers.publicKey(folder);
    anchors = FileAnchorSink.read(Path.of(original + ".anchors"));
    assertThat(anchors).hasSizeGreaterThanOrEqualTo(ENTRIES / ANCHOR_EVERY);
    assertThat(SqliteLedger.verify(original, key)).isInstanceOf(Ok.class);
  }

  @FunctionalInterface
  private interface Attack {
    /** Does its worst to entry {@code at} and returns what has to be found. */
    Verification on(Path ledger, int at) throws Exception;
  }

  private static void detects(Attack attack) throws Exception {
    for (int i = 0; i < TIMES; i++) {
      Path copy = Ledgers.copy(original, folder.resolve("copy"));
      Ledgers.sql(
          copy,
          "DROP TRIGGER entry_no_update",
          "DROP TRIGGER entry_no_delete",
          "DROP TRIGGER entry_next");
      int at = 2 + RANDOM.nextInt(ENTRIES - 3);

      var expected = attack.on(copy, at);

      var found = SqliteLedger.verify(copy, key);
      assertThat(found.status())
          .as("at %d, seed %d: %s", at, SEED, found)
          .isEqualTo(expected.status());
      if (expected instanceof Tampered tampered) {
        assertThat(((Tampered) found).firstBadSequence())
            .as("at %d, seed %d: %s", at, SEED, found)
            .isEqualTo(tampered.firstBadSequence());
      } else if (expected instanceof TailMissing) {
        assertThat(found).isEqualTo(expected);
      }
    }
  }

  private static Tampered tampered(long sequence) {
    return new Tampered(sequence, "any");
  }

  @Test
  void anEditedColumn() throws Exception {
    var edits =
        List.of(
            "at_second = at_second + 1",
            "at_nano = at_nano + 1",
            "at_second = at_second - 1, at_nano = at_nano + 1000000000",
            "tenant = 'other'",
            "run = 'other'",
            "agent = 'somebody'",
            "agent = ''",
            "type = 'STOP'",
            "schema = 2",
            "schema = 4294967297",
            "idem = 'other'",
            "body = CAST('{}' AS BLOB)",
            "body = x''",
            "prev = zeroblob(32)",
            "hash = zeroblob(32)",
            "hash = x''");
    detects(
        (ledger, at) -> {
          Ledgers.sql(
              ledger,
              "UPDATE entry SET %s WHERE seq = %d"
                  .formatted(edits.get(RANDOM.nextInt(edits.size())), at));
          return tampered(at);
        });
  }

  @Test
  void aRemovedEntry() throws Exception {
    detects(
        (ledger, at) -> {
          Ledgers.sql(ledger, "DELETE FROM entry WHERE seq = " + at);
          return tampered(at);
        });
  }

  @Test
  void anInsertedEntry() throws Exception {
    detects(
        (ledger, at) -> {
          Ledgers.sql(
              ledger,
              "UPDATE entry SET seq = -seq WHERE seq >= " + at,
              "UPDATE entry SET seq = 1 - seq WHERE seq < 0",
              "INSERT INTO entry SELECT %d, at_second, at_nano, tenant, run, agent, type, schema, 'forged', body, prev, hash FROM entry WHERE seq = %d"
                  .formatted(at, at + 1));
          return tampered(at);
        });
  }

  @Test
  void twoEntriesSwapped() throws Exception {
    detects(
        (ledger, at) -> {
          Ledgers.sql(
              ledger,
              "UPDATE entry SET seq = -1 WHERE seq = " + at,
              "UPDATE entry SET seq = %d WHERE seq = %d".formatted(at, at + 1),
              "UPDATE entry SET seq = %d WHERE seq = -1".formatted(at + 1));
          return tampered(at);
        });
  }

  @Test
  void renumberedEntries() throws Exception {
    detects(
        (ledger, at) -> {
          Ledgers.sql(
              ledger,
              "UPDATE entry SET seq = -seq WHERE seq >= " + at,
              "UPDATE entry SET seq = 7 - seq WHERE seq < 0");
          return tampered(at);
        });
  }

  @Test
  void aCutTail() throws Exception {
    detects(
        (ledger, at) -> {
          Ledgers.sql(ledger, "DELETE FROM entry WHERE seq > " + at);
          return new TailMissing(ENTRIES - at);
        });
  }

  @Test
  void aChainRewrittenWithRightHashes() throws Exception {
    detects(
        (ledger, at) -> {
          Rewriting.from(ledger, at);
          return tampered(firstAnchorFrom(at));
        });
  }

  @Test
  void aChainRewrittenAndAnchoredWithAnotherKey() throws Exception {
    detects(
        (ledger, at) -> {
          Rewriting.from(ledger, at);
          Rewriting.anchor(ledger, AnchorKey.generate());
          return new UntrustedKey("any");
        });
  }

  private static long firstAnchorFrom(int sequence) {
    return anchors.stream()
        .mapToLong(Anchor::sequence)
        .filter(at -> at >= sequence)
        .min()
        .orElseThrow();
  }

  @Test
  void changedOrForeignAnchorsAreNotTrusted() throws Exception {
    Path copy = Ledgers.copy(original, folder.resolve("anchors"));
    Path file = Path.of(copy + ".anchors");
    var lines = Files.readAllLines(file);
    String last = lines.get(lines.size() - 1);

    Files.writeString(file, last.replaceAll("\"at\":\"20", "\"at\":\"21") + "\n");
    assertThat(SqliteLedger.verify(copy, key)).isInstanceOf(Tampered.class);

    Files.writeString(file, last.replaceAll("\"ledger\":\"..", "\"ledger\":\"zz") + "\n");
    assertThat(SqliteLedger.verify(copy, key)).isInstanceOf(Tampered.class);

    Files.writeString(file, last.replaceAll("\"signature\":\".*?\"", "\"signature\":\"%\"") + "\n");
    assertThat(SqliteLedger.verify(copy, key)).isInstanceOf(Tampered.class);

    Files.writeString(file, "no anchor\n" + last + "\n");
    assertThat(SqliteLedger.verify(copy, key)).isInstanceOf(Verification.Unreadable.class);

    Files.writeString(file, last + "\n" + last.substring(0, 40));
    assertThat(SqliteLedger.verify(copy, key)).isInstanceOf(Ok.class);
  }

  @Test
  void withoutAKeyNothingAnchoredIsTrusted() {
    assertThat(SqliteLedger.verify(original)).isInstanceOf(UntrustedKey.class);
    assertThat(SqliteLedger.verify(original, AnchorKey.generate().publicKey()))
        .isInstanceOf(UntrustedKey.class);
    assertThat(SqliteLedger.verify(original, AnchorKey.generate().publicKey(), key))
        .isInstanceOf(Ok.class);
  }

  /** Negative control: one who cuts the anchors too is seen only from outside. */
  @Test
  void aTailCutTogetherWithItsAnchorsIsSeenOnlyFromOutside() throws Exception {
    Path copy = Ledgers.copy(original, folder.resolve("cut"));
    Ledgers.sql(copy, "DROP TRIGGER entry_no_delete", "DELETE FROM entry WHERE seq > 50");
    Path file = Path.of(copy + ".anchors");
    Files.write(
        file,
        Files.readAllLines(file).stream()
            .filter(
                line -> Long.parseLong(line.replaceAll(".*\"sequence\":([0-9]+).*", "$1")) <= 50)
            .toList());
    assertThat(SqliteLedger.verify(copy, key))
        .isInstanceOfSatisfying(
            Verification.Unreadable.class,
            why -> assertThat(why.reason()).contains("its index does not fit"));
    Ledgers.sql(
        copy,
        "DELETE FROM entry_by_key WHERE seq > 50",
        "DELETE FROM entry_by_run WHERE seq > 50",
        "UPDATE ledger SET value = '50' WHERE name = 'indexed'");

    assertThat(SqliteLedger.verify(copy, key)).isInstanceOf(Ok.class);
    assertThat(SqliteLedger.verify(copy, anchors, key)).isEqualTo(new TailMissing(50));
  }

  /** Negative control: with no anchors at all, whatever fits itself passes for a crash. */
  @Test
  void aChainRewrittenWithoutAnchorsIsSeenOnlyFromOutside() throws Exception {
    detects(
        (ledger, at) -> {
          Rewriting.from(ledger, at);
          Files.delete(Path.of(ledger + ".anchors"));
          assertThat(((Tampered) SqliteLedger.verify(ledger, anchors, key)).firstBadSequence())
              .isEqualTo(firstAnchorFrom(at));
          return new UnanchoredTail(ENTRIES);
        });
  }

  @Test
  void anotherIdDoesNotHideALedgerFromItsAnchorsElsewhere() throws Exception {
    Path copy = Ledgers.copy(original, folder.resolve("renamed"));
    Ledgers.sql(copy, "UPDATE ledger SET value = 'other' WHERE name = 'id'");

    assertThat(SqliteLedger.verify(copy, key)).isInstanceOf(Tampered.class);
    Files.delete(Path.of(copy + ".anchors"));
    assertThat(SqliteLedger.verify(copy, key)).isEqualTo(new UnanchoredTail(ENTRIES));
    assertThat(SqliteLedger.verify(copy, anchors, key))
        .isInstanceOfSatisfying(
            Verification.Unreadable.class,
            why -> assertThat(why.reason()).contains("says it is ledger other"));
  }

  @Test
  void aForgedEntryAtTheEndIsNotAnchored() throws Exception {
    Path copy = Ledgers.copy(original, folder.resolve("forged"));
    Rewriting.append(copy);

    assertThat(SqliteLedger.verify(copy, key)).isEqualTo(new UnanchoredTail(1));
  }

  @Test
  void triggersRefuseWhatIsNotAnAppend() throws Exception {
    Path copy = Ledgers.copy(original, folder.resolve("triggers"));

    for (String change :
        List.of(
            "UPDATE entry SET type = 'STOP' WHERE seq = 5",
            "UPDATE OR REPLACE entry SET seq = 6 WHERE seq = 5",
            "DELETE FROM entry WHERE seq = 100",
            "DELETE FROM entry",
            "INSERT OR REPLACE INTO entry SELECT 5, at_second, at_nano, tenant, run, agent, type, schema, 'x', body, prev, hash FROM entry WHERE seq = 6",
            "INSERT INTO entry SELECT 200, at_second, at_nano, tenant, run, agent, type, schema, 'x', body, prev, hash FROM entry WHERE seq = 6")) {
      assertThatThrownBy(() -> Ledgers.sql(copy, change))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("only appended to");
    }
    assertThat(SqliteLedger.verify(copy, key)).isInstanceOf(Ok.class);
  }

  /** Negative control: what the triggers are for. Opening the ledger restores them. */
  @Test
  void withoutTriggersAnUpdateIsPossibleUntilTheyAreRestored() throws Exception {
    Path copy = Ledgers.copy(original, folder.resolve("restored"));
    Ledgers.sql(
        copy,
        "DROP TRIGGER entry_no_update",
        "CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry BEGIN SELECT 1; END",
        "UPDATE entry SET type = 'STOP' WHERE seq = 5");

    SqliteLedger.builder(copy).signingKey(Ledgers.key(folder)).open().close();

    assertThatThrownBy(() -> Ledgers.sql(copy, "UPDATE entry SET type = 'NOTE' WHERE seq = 5"))
        .isInstanceOf(SQLException.class);
    assertThat(SqliteLedger.verify(copy, key)).isInstanceOf(Tampered.class);
  }
}
