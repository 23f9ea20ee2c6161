// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static io.agentgovernance.ledger.sqlite.Ledgers.append;
import static io.agentgovernance.ledger.sqlite.Ledgers.note;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.testkit.ManualTime;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F6: one writer for each file. */
class SharingTest {
  private static final int TIMES = 10;

  @TempDir Path folder;

  @Test
  void aSecondProcessIsToldAtOnceWhoHoldsTheLedger() throws Exception {
    try (var holder = ProducerProcess.start(folder, "p", 5, 1_000)) {
      assertThat(holder.line()).isEqualTo("open");
      assertThat(holder.line()).isEqualTo("done");
      for (int i = 0; i < TIMES; i++) {
        // Nobody moves this time: whoever waited would wait for ever.
        var time = ManualTime.startingAt(Instant.EPOCH);

        var locked =
            catchThrowableOfType(
                LedgerLockedException.class, () -> Ledgers.builder(folder).time(time).open());

        assertThat(locked).hasMessageContaining("pid=" + holder.pid());
        assertThat(locked.pid()).hasValue(holder.pid());
        assertThat(locked.ledger()).isEqualTo(Ledgers.file(folder).toRealPath());
        assertThat(locked.reason()).isEqualTo(Reason.BUSY);
        assertThat(locked.retryable()).isTrue();
      }
      holder.kill();
    }
    try (var ledger = Ledgers.builder(folder).open()) {
      assertThat(append(ledger, note("next")).sequence()).isEqualTo(6);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }

  /**
   * Negative control: what the lock is for. Without its file a second writer gets in, and all that
   * is left is that the first one notices.
   */
  @Test
  void withoutTheLockASecondWriterGetsInAndTheFirstIsStopped() throws Exception {
    try (var first = ProducerProcess.start(folder, "p", 5, 1_000)) {
      assertThat(first.line()).isEqualTo("open");
      assertThat(first.line()).isEqualTo("done");
      Files.delete(Path.of(Ledgers.file(folder) + ".lock"));

      try (var second = Ledgers.builder(folder).open()) {
        assertThat(append(second, note("second")).sequence()).isEqualTo(6);
        assertThat(first.append("first"))
            .startsWith("refused")
            .contains("Somebody else changed the file");
        assertThat(append(second, note("third")).sequence()).isEqualTo(7);
        assertThat(second.verify()).as("no fork").isInstanceOf(Ok.class);
      }
      first.kill();
    }
  }

  @Test
  void openedTwiceHereItHasOneWriterUntilBothAreClosed() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), Ledgers.file(folder));
    try (var first = Ledgers.builder(folder).open()) {
      var second = SqliteLedger.builder(link).signingKey(Ledgers.key(folder)).open();
      assertThat(append(first, note("k1")).sequence()).isEqualTo(1);
      assertThat(append(second, note("k2")).sequence()).isEqualTo(2);

      second.close();
      second.close();

      assertThat(second.append(note("k3"))).isCompletedExceptionally();
      assertThat(append(first, note("k3")).sequence()).isEqualTo(3);
      assertThat(Ledgers.readAll(first)).hasSize(3);
    }
    try (var again = Ledgers.builder(folder).open()) {
      assertThat(append(again, note("k4")).sequence()).isEqualTo(4);
    }
  }

  @Test
  void whoSharesAWriterSharesItsSettings() {
    try (var ledger = Ledgers.builder(folder).open()) {
      assertThat(append(ledger, note("k1")).sequence()).isEqualTo(1);

      assertThatThrownBy(() -> Ledgers.builder(folder).processCrashOnly().anchorEvery(5).open())
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("[durability, anchorEvery]");
    }
  }

  @Test
  void anotherClassLoaderOfThisProcessIsAnotherProcess() throws Exception {
    var urls = new ArrayList<URL>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      urls.add(Path.of(part).toUri().toURL());
    }
    try (var ledger = Ledgers.builder(folder).open();
        var loader =
            new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> stranger = loader.loadClass(LedgerLock.class.getName());
      Class<?> path = loader.loadClass(LedgerPath.class.getName());
      var make = path.getDeclaredConstructor(Path.class);
      make.setAccessible(true);
      var take = stranger.getDeclaredMethod("take", path);
      take.setAccessible(true);
      Object there = make.newInstance(ledger.file());

      assertThatThrownBy(() -> take.invoke(null, there))
          .cause()
          .hasMessageContaining("through another class loader");
      try (var other = ProducerProcess.start(folder, "p", 5, 1_000)) {
        assertThat(other.line()).as("the lock still holds").isNull();
      }
    }
  }

  /** A source of secrets that hangs must not hold up other ledgers of the process. */
  @Test
  void oneThatIsBeingOpenedHoldsUpNoOther() throws Exception {
    var asked = new CountDownLatch(1);
    var answer = new CompletableFuture<Secret>();
    var slow =
        CompletableFuture.supplyAsync(
            () ->
                SqliteLedger.builder(folder.resolve("slow.db"))
                    .signingKey(
                        reference -> {
                          asked.countDown();
                          return answer.join();
                        },
                        "vault:slow")
                    .open());
    assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

    try (var other = Ledgers.builder(folder).open()) {
      assertThat(append(other, note("k1")).sequence()).isEqualTo(1);
    }

    answer.complete(Secret.of(new String(AnchorKey.generate().pem(), US_ASCII)));
    slow.get(60, TimeUnit.SECONDS).close();
  }

  @Test
  void aHardLinkIsRefused() throws Exception {
    Ledgers.builder(folder).open().close();
    Path other = Files.createLink(folder.resolve("other.db"), Ledgers.file(folder));

    assertThatThrownBy(() -> SqliteLedger.open(other))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2 names");
  }
}
