// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.LedgerUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConfig;

/** What a ledger is not opened on, or with. */
class RefusalsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"3.51.3", "3.51.10", "3.52.0", "4.0.0", "3.54.1"})
  void versionsOfSqliteThatKeepTheirWord(String version) {
    assertThatCode(() -> SqliteVersion.check(version)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.51.2", "3.50.4", "3.9.9", "2.99.99", "nonsense"})
  void olderVersionsOfSqliteAreRefusedWithWhatToSet(String version) {
    assertThatThrownBy(() -> SqliteVersion.check(version))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining(version)
        .hasMessageContaining("3.51.3")
        .hasMessageContaining("Maven property sqlite-jdbc.version");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"nfs", "nfs4", "NFS", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "fuse.s3fs"})
  void networkFileSystemsAreKnown(String type) {
    assertThat(LedgerPath.isNetwork(type)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "apfs", "NTFS", "zfs", "fuseblk"})
  void localFileSystemsAreNotRefused(String type) {
    assertThat(LedgerPath.isNetwork(type)).isFalse();
  }

  @Test
  void pathsThatAreNoFiles() throws Exception {
    Path dangling = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nothing"));

    for (Path path :
        new Path[] {folder, folder.resolve("a?b"), folder.resolve("no/x.db"), dangling}) {
      assertThatThrownBy(() -> SqliteLedger.open(path)).isInstanceOf(BadInputException.class);
    }
  }

  @Test
  void settingsOutOfRange() {
    var builder = Ledgers.builder(folder);

    assertThatIllegalArgumentException().isThrownBy(() -> builder.anchorEvery(0));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.anchorInterval(Duration.ZERO));
  }

  @Test
  void aBrokenFileIsUnavailableAndNothingStaysLocked() throws Exception {
    Files.writeString(Ledgers.file(folder), "x".repeat(10_000));

    assertThatThrownBy(() -> Ledgers.builder(folder).open())
        .isInstanceOf(LedgerUnavailableException.class)
        .isNotInstanceOf(LedgerLockedException.class);

    Files.delete(Ledgers.file(folder));
    Ledgers.builder(folder).open().close();
  }

  @Test
  void aReadOnlyMediumCanBeVerified() throws Exception {
    try (var ledger = Ledgers.builder(folder).open()) {
      Ledgers.append(ledger, 1, 3);
    }
    Path medium = folder.resolve("a medium 100%");
    Path copy = Ledgers.copy(Ledgers.file(folder), medium);
    assertThat(medium.toFile().setWritable(false)).isTrue();
    try {
      assertThat(SqliteLedger.verify(copy, Ledgers.publicKey(folder)).status()).isEqualTo("OK");
      // Root may write everywhere, so what a read-only medium needs is looked at directly, too.
      var config = new SQLiteConfig();
      config.setReadOnly(true);
      try (var connection =
          config.createConnection(Connections.immutable(LedgerPath.toRead(copy)))) {
        assertThat(Entries.head(connection).sequence()).isEqualTo(3);
      }
    } finally {
      assertThat(medium.toFile().setWritable(true)).isTrue();
    }
  }
}
