// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.UntrustedKey;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnchorTest {
  @TempDir Path folder;

  private List<Anchor> anchors() {
    return FileAnchorSink.read(Path.of(Ledgers.file(folder) + ".anchors"));
  }

  @Test
  void theEndIsSignedEverySoManyEntriesAndOnClose() {
    try (var ledger = Ledgers.builder(folder).anchorEvery(3).open()) {
      for (int i = 1; i <= 7; i++) {
        append(ledger, i, i);
      }
    }

    assertThat(anchors()).extracting(Anchor::sequence).containsExactly(3L, 6L, 7L);
    assertThat(anchors()).extracting(Anchor::epoch).containsOnly(1L);
  }

  @Test
  void theEndIsSignedWhenTheIntervalHasPassed() throws Exception {
    var time = ManualTime.startingAt(Instant.parse("2026-11-20T10:00:00Z"));
    var kept = new ArrayBlockingQueue<Anchor>(10);
    try (var ledger = Ledgers.builder(folder).time(time).anchorSink(kept::add).open()) {
      append(ledger, 1, 2);
      // An append is acknowledged before its anchor is planned; after the next one it is.
      append(ledger, 3, 3);
      time.advance(Duration.ofMillis(9_999));
      assertThat(anchors()).isEmpty();

      time.advance(Duration.ofMillis(10_001));

      Anchor anchor = kept.poll(60, TimeUnit.SECONDS);
      assertThat(anchor).isNotNull();
      assertThat(anchor.sequence()).isEqualTo(3);
    }
    assertThat(time.pendingTimers()).isZero();
  }

  @Test
  void aSinkGetsWhatTheFileGetsAndASlowOneHoldsUpNothing() throws Exception {
    var kept = new CopyOnWriteArrayList<Anchor>();
    var mayGoOn = new CountDownLatch(1);
    try (var ledger =
        Ledgers.builder(folder)
            .anchorEvery(1)
            .anchorSink(
                anchor -> {
                  await(mayGoOn);
                  kept.add(anchor);
                })
            .open()) {
      append(ledger, 1, 50);
      mayGoOn.countDown();
    }

    assertThat(kept).isNotEmpty().isSubsetOf(anchors());
    assertThat(kept.get(kept.size() - 1).sequence()).isEqualTo(50);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFailingSinkIsNoHarmAndTheNextAnchorCoversIt() {
    var kept = new CopyOnWriteArrayList<Anchor>();
    try (var ledger =
        Ledgers.builder(folder)
            .anchorSink(
                anchor -> {
                  if (anchor.sequence() < 5) {
                    throw new IllegalStateException("the notary is closed");
                  }
                  kept.add(anchor);
                })
            .open()) {
      append(ledger, 1, 4);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
      append(ledger, 5, 5);
    }

    assertThat(kept).extracting(Anchor::sequence).containsExactly(5L);
  }

  @Test
  void aTimeSourceThatFailsIsNoHarmToEntries() {
    var real = TimeSource.system();
    var failing =
        new TimeSource() {
          @Override
          public Instant now() {
            return real.now();
          }

          @Override
          public long ticks() {
            return real.ticks();
          }

          @Override
          public Timer schedule(Duration delay, Runnable task) {
            throw new IllegalStateException("no more timers");
          }

          @Override
          public Waiter waiter() {
            return real.waiter();
          }
        };
    try (var ledger = Ledgers.builder(folder).time(failing).open()) {
      append(ledger, 1, 1);
      append(ledger, 2, 2);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
      append(ledger, 3, 3);
    }

    assertThat(anchors()).extracting(Anchor::sequence).contains(2L, 3L);
  }

  @Test
  void aFileElsewhereIsASink() {
    Path elsewhere = folder.resolve("elsewhere.anchors");
    try (var ledger = Ledgers.builder(folder).anchorSink(elsewhere).open()) {
      append(ledger, 1, 4);
    }

    assertThat(FileAnchorSink.read(elsewhere)).isEqualTo(anchors()).hasSize(1);
    assertThatThrownBy(() -> new FileAnchorSink(folder.resolve("no/such/folder")))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void aTornLineOfAnchorsIsCutOffWhenTheLedgerIsOpened() throws Exception {
    Path file = Path.of(Ledgers.file(folder) + ".anchors");
    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 1, 2);
    }
    Files.writeString(file, Files.readString(file) + "{\"at\":\"20");

    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 3, 4);
    }

    assertThat(anchors()).extracting(Anchor::sequence).containsExactly(2L, 4L);
    assertThat(anchors()).extracting(Anchor::epoch).containsExactly(1L, 2L);
    assertThat(SqliteLedger.verify(Ledgers.file(folder), Ledgers.publicKey(folder)))
        .isInstanceOf(Ok.class);
  }

  @Test
  void aNewKeyIsForItsOwnerOnlyAndItsPublicHalfForAll() throws Exception {
    try (var ledger = Ledgers.builder(folder).open()) {
      Path key = Ledgers.key(folder);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key.getParent())))
          .isEqualTo("rwx------");
      assertThat(AnchorKeys.read(Path.of(key + ".pub"))).isEqualTo(ledger.publicKey());
    }
  }

  @Test
  void theUsualPlaceOfAKeyIsTheHomeOfTheUser() {
    String home = System.getProperty("user.home");
    System.setProperty("user.home", folder.toString());
    try (var ledger = SqliteLedger.open(Ledgers.file(folder))) {
      assertThat(folder.resolve(".agentgovernance/keys/" + ledger.id() + ".key")).exists();
    } finally {
      System.setProperty("user.home", home);
    }
  }

  @Test
  void aLostKeyIsNotReplacedSilently() throws Exception {
    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 1, 2);
    }
    Files.delete(Ledgers.key(folder));

    assertThatThrownBy(() -> Ledgers.builder(folder).open())
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("Restore that file");
    assertThat(Ledgers.key(folder)).doesNotExist();
  }

  @Test
  void aKeyCanBeChangedAndTheLastAnchorCounts() throws Exception {
    try (var ledger = Ledgers.builder(folder).open()) {
      append(ledger, 1, 2);
    }
    var former = Ledgers.publicKey(folder);
    var next = AnchorKey.generate();
    Path nextFile = Files.write(folder.resolve("next.key"), next.pem());

    try (var ledger = SqliteLedger.builder(Ledgers.file(folder)).signingKey(nextFile).open()) {
      assertThat(ledger.verify()).isInstanceOf(UntrustedKey.class);
      append(ledger, 3, 3);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
    assertThat(SqliteLedger.verify(Ledgers.file(folder), former)).isInstanceOf(UntrustedKey.class);
    assertThat(SqliteLedger.verify(Ledgers.file(folder), next.publicKey())).isInstanceOf(Ok.class);
    try (var ledger =
        SqliteLedger.builder(Ledgers.file(folder)).signingKey(nextFile).formerKeys(former).open()) {
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  @Test
  void aKeyMayComeFromASourceOfSecrets() {
    var key = AnchorKey.generate();
    String pem = new String(key.pem(), StandardCharsets.US_ASCII);

    try (var ledger =
        SqliteLedger.builder(Ledgers.file(folder))
            .signingKey(reference -> Secret.of(pem), "vault:ledger/key")
            .open()) {
      append(ledger, note("k1"));
      assertThat(ledger.publicKey()).isEqualTo(key.publicKey());
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  @Test
  void whatIsNoKeyIsRefusedAndNotRepeated() throws Exception {
    String rsa = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
    for (String text : List.of("a secret", rsa)) {
      Path file = Files.writeString(folder.resolve("bad.key"), text);

      assertThatThrownBy(() -> SqliteLedger.builder(Ledgers.file(folder)).signingKey(file).open())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("openssl genpkey -algorithm ed25519")
          .hasMessageNotContaining("secret\n")
          .hasMessageNotContaining("c2VjcmV0");
      assertThatThrownBy(() -> AnchorKeys.read(file)).isInstanceOf(BadInputException.class);
    }
    assertThatThrownBy(() -> AnchorKeys.read(folder.resolve("missing")))
        .isInstanceOf(BadInputException.class);
    // A refused opening holds nothing.
    Ledgers.builder(folder).open().close();
  }
}
