// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk may leave of the log is a state the store was in. */
class CheckpointTornLogTest {
  private static final int COPIES = Stores.trials(100);
  private static final int APPENDS = 8;

  @TempDir Path folder;

  @Test
  void aTornLogLeavesWholeBatchesInOrder() throws Exception {
    try (var appender = AppenderProcess.start(folder, "torn", APPENDS)) {
      assertThat(appender.line()).isEqualTo("open");
      for (String line = appender.line(); !"done".equals(line); ) {
        line = appender.line();
      }
      appender.kill();
    }
    Path live = Stores.file(folder);
    long size = Files.size(Path.of(live + "-wal"));
    long seed = System.nanoTime();
    var random = new Random(seed);
    var kept = new ArrayList<Integer>();

    for (int i = 0; i < COPIES; i++) {
      Path copy = Stores.copy(live, folder.resolve("torn"));
      long cut = random.nextLong(size);
      try (var log = new RandomAccessFile(copy + "-wal", "rw")) {
        log.setLength(cut);
      }

      kept.add(check(copy, "cut at %d of %d, seed %d".formatted(cut, size, seed)));
    }

    int whole = AppenderProcess.RUNS * APPENDS * AppenderProcess.BATCH;
    assertThat(kept).as("cuts lost something").anyMatch(deltas -> deltas < whole);
    assertThat(kept).as("and left something").anyMatch(deltas -> deltas > 0);
    assertThat(check(live, "not cut")).isEqualTo(whole);
  }

  private static int check(Path file, String what) {
    int deltas = 0;
    try (var store = SqliteCheckpointStore.open(file)) {
      for (RunId run : store.unfinished(100)) {
        List<Delta> left = Stores.all(store, run);
        assertThat(left).as(what).isEqualTo(Stores.elapsed(0, left.size()));
        assertThat(left.size() % AppenderProcess.BATCH).as(what).isZero();
        deltas += left.size();
        long epoch = store.claim(run, store.epoch(run)).orElseThrow();
        store.append(run, epoch, Stores.elapsed(left.size(), left.size() + 1));
        assertThat(Stores.all(store, run)).as(what).hasSize(left.size() + 1);
      }
    }
    return deltas;
  }
}
