// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static io.agentgovernance.cli.AuditedFolder.append;
import static io.agentgovernance.cli.AuditedFolder.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.sqlite.SqliteLedger;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code governance ledger verify}: its exit code is the answer. */
class LedgerVerifyCommandTest {
  @TempDir private Path directory;

  private AuditedFolder folder;

  @BeforeEach
  void writeTen() {
    folder = AuditedFolder.in(directory);
  }

  @Test
  void verifyingALedgerAsItWasWrittenEndsWith0() {
    Cli.Outcome outcome = folder.ledger("verify", "ledger.db", "--public-key", "keys/k.pub");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .startsWith("OK  10 entries are as written, and the last one is anchored\n")
        .contains("ledger.db", "keys/k.pub");
    assertThat(outcome.err()).isEmpty();
  }

  @Test
  void aChangedEntryIsNamedWith1() throws Exception {
    folder.sql("DROP TRIGGER entry_no_update", "UPDATE entry SET type = 'X' WHERE seq = 4");

    Cli.Outcome text = folder.ledger("verify", "ledger.db", "--public-key", "keys/k.pub");
    Cli.Outcome json = folder.ledger("verify", "ledger.db", "--public-key", "keys/k.pub", "--json");

    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out()).startsWith("TAMPERED  entry 4: its content has hash");
    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(json.out().lines()).hasSize(1);
    assertThat(field(json.out(), "/status")).isEqualTo("TAMPERED");
    assertThat(field(json.out(), "/first_bad_sequence")).isEqualTo("4");
    assertThat(field(json.out(), "/exit_code")).isEqualTo("1");
  }

  @Test
  void aLostEndEndsWith2() throws Exception {
    folder.sql("DROP TRIGGER entry_no_delete", "DELETE FROM entry WHERE seq > 7");

    Cli.Outcome outcome = folder.ledger("verify", "ledger.db", "--public-key", "keys/k.pub");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).startsWith("TAIL_MISSING  3 entries are gone");
  }

  @Test
  void anEndCutTogetherWithItsAnchorsIsSeenFromElsewhereOnly() throws Exception {
    folder.sql(
        "DROP TRIGGER entry_no_delete",
        "DELETE FROM entry WHERE seq > 7",
        "DELETE FROM entry_by_key WHERE seq > 7",
        "DELETE FROM entry_by_run WHERE seq > 7",
        "UPDATE ledger SET value = '7' WHERE name = 'indexed'");
    Files.delete(directory.resolve("ledger.db.anchors"));

    assertThat(folder.ledger("verify", "ledger.db", "--public-key", "keys/k.pub").exitCode())
        .isEqualTo(3);
    Cli.Outcome outcome =
        folder.ledger(
            "verify",
            "ledger.db",
            "--public-key",
            "keys/k.pub",
            "--from-anchor",
            "elsewhere.anchors");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).contains("1 anchors kept elsewhere");
  }

  @Test
  void aLedgerInUseEndsWith3() {
    try (SqliteLedger ledger = folder.open()) {
      append(ledger, 11, 12);

      Cli.Outcome outcome =
          folder.ledger("verify", "ledger.db", "--public-key", "keys/k.pub", "--json");

      assertThat(outcome.exitCode()).isEqualTo(3);
      assertThat(field(outcome.out(), "/status")).isEqualTo("UNANCHORED_TAIL");
      assertThat(field(outcome.out(), "/unanchored")).isEqualTo("2");
    }
  }

  @Test
  void whatIsNoLedgerEndsWith4() throws Exception {
    Files.writeString(directory.resolve("text.db"), "x".repeat(5_000));

    for (String path : List.of("missing.db", "text.db", ".")) {
      Cli.Outcome outcome = folder.ledger("verify", path, "--json");

      assertThat(outcome.exitCode()).as(path).isEqualTo(4);
      assertThat(field(outcome.out(), "/status")).isEqualTo("UNREADABLE");
      assertThat(field(outcome.out(), "/reason")).isNotBlank();
    }
  }

  @Test
  void withoutItsKeyEndsWith5() {
    Cli.Outcome outcome = folder.ledger("verify", "sqlite:ledger.db");

    assertThat(outcome.exitCode()).isEqualTo(5);
    assertThat(outcome.out()).startsWith("UNTRUSTED_KEY  ").contains("--public-key <file>");
  }

  @Test
  void theKeyInTheUsualPlaceNeedsNotBeNamed() throws Exception {
    String home = System.getProperty("user.home");
    System.setProperty("user.home", directory.toString());
    try {
      SqliteLedger ledger = SqliteLedger.open(directory.resolve("usual.db"));
      append(ledger, 1, 3);
      ledger.close();

      Cli.Outcome outcome = folder.ledger("verify", "usual.db");

      assertThat(outcome.exitCode()).as(outcome.out()).isZero();
      assertThat(outcome.out()).contains(".agentgovernance/keys/" + ledger.id() + ".key.pub");
    } finally {
      System.setProperty("user.home", home);
    }
  }

  /** Else a wrong option would be taken for a missing end, and an error for tampering. */
  @Test
  void badInputIsNoAnswerOfVerify() throws Exception {
    Files.writeString(directory.resolve("empty"), "");
    for (String[] args :
        List.of(
            new String[] {"verify"},
            new String[] {"verify", "a.db", "b.db"},
            new String[] {"verify", "ledger.db", "--publickey", "x"},
            new String[] {"verify", "ledger.db", "--public-key"},
            new String[] {"verify", "ledger.db", "--public-key", "missing.pub"},
            new String[] {"verify", "ledger.db", "--public-key", "keys/k"},
            new String[] {"verify", "ledger.db", "--from-anchor", "missing"},
            new String[] {"verify", "ledger.db", "--from-anchor", "empty"},
            new String[] {"verify", "ledger.db", "--from-anchor", "keys/k.pub"},
            new String[] {"verify", "a\0b"},
            new String[] {"verify", ""})) {
      Cli.Outcome outcome = folder.ledger(args);

      assertThat(outcome.exitCode()).as(String.join(" ", args)).isEqualTo(64);
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err()).startsWith("governance: ").doesNotContain("\tat ");
    }
  }

  @Test
  void aResultThatCannotBePrintedIsNotOk() {
    var broken =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("closed");
          }
        };

    Cli.Outcome outcome =
        Cli.in(directory)
            .out(broken)
            .run("ledger", "verify", "ledger.db", "--public-key", "keys/k.pub");

    assertThat(outcome.exitCode()).isEqualTo(70);
  }

  /** The ledger that every run leaves in its folder, with the key of this command's runs. */
  @Test
  void theLedgerOfARunIsVerifiedWithoutNamingItsKey() {
    Cli.Outcome run = Cli.in(directory).run("run", "Design a cache", "--out", "o", "--quiet");
    Cli.Outcome verified = folder.ledger("verify", "o/ledger.db");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(verified.exitCode()).as(verified.out()).isZero();
    assertThat(verified.out()).contains("governance-cli.key.pub");
    assertThat(folder.ledger("tail", "o/ledger.db", "--lines", "1").out()).contains("STATUS");
  }

  @Test
  void aRunWithALedgerIsVerified() {
    String home = System.getProperty("user.home");
    System.setProperty("user.home", directory.toString());
    try {
      Cli.Outcome run =
          Cli.in(directory)
              .run(
                  "run",
                  "Design a cache",
                  "--ledger",
                  "sqlite:" + directory + "/run.db",
                  "--quiet");
      Cli.Outcome verified = folder.ledger("verify", "run.db");

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(verified.exitCode()).as(verified.out()).isZero();
      assertThat(folder.ledger("tail", "run.db", "--lines", "1").out()).contains("STATUS");
    } finally {
      System.setProperty("user.home", home);
    }
  }
}
