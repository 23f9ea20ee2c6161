// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signing key that several processes want at once is made once. */
class KeyFileTest {
  @TempDir private Path folder;

  @Test
  void isMadeOnceThoughManyOpenItAtOnce() throws Exception {
    Path key = folder.resolve("keys/shared.key");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        Files.deleteIfExists(key);
        List<Future<String>> ids = new ArrayList<>();
        var start = new CountDownLatch(1);
        for (int i = 0; i < 8; i++) {
          Path ledger = folder.resolve("ledger-" + i + ".db");
          ids.add(
              threads.submit(
                  () -> {
                    start.await();
                    return KeyFile.open(LedgerPath.toWrite(ledger), key, "").id();
                  }));
        }
        start.countDown();
        List<String> made = new ArrayList<>();
        for (Future<String> id : ids) {
          made.add(id.get());
        }
        assertThat(made).containsOnly(made.get(0));
        assertThat(AnchorKeys.id(AnchorKeys.read(KeyFile.publicHalf(key)))).isNotEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(names()).containsExactlyInAnyOrder("shared.key", "shared.key.pub");
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(folder.resolve("keys"))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
