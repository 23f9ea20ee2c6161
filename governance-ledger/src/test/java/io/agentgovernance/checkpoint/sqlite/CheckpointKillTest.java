// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.sqlite.Sqlite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged survives the sudden death of its process, and batches are whole. */
class CheckpointKillTest {
  private static final int KILLS = Stores.trials(10);
  private static final int MAX_ACKS = 1_500;

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedSurvivesEveryKill() throws Exception {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var acknowledged = new HashMap<RunId, Integer>();

    for (int kill = 0; kill < KILLS; kill++) {
      for (String line : workAndKill(kill, 1 + random.nextInt(MAX_ACKS))) {
        String[] words = line.split(" ", -1);
        acknowledged.merge(RunId.of(words[0]), Integer.parseInt(words[1]) + 1, Math::max);
      }
      check(acknowledged, seed);
    }

    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(KILLS);
    try (var connection = Stores.raw(Stores.file(folder))) {
      assertThat(Sqlite.text(connection, "PRAGMA integrity_check")).isEqualTo("ok");
    }
    negativeControl(acknowledged, seed);
  }

  private List<String> workAndKill(int kill, int acks) throws Exception {
    var lines = new ArrayList<String>();
    try (var appender = AppenderProcess.start(folder, "kill" + kill, 0)) {
      assertThat(appender.line()).isEqualTo("open");
      while (lines.size() < acks) {
        lines.add(appender.line());
      }
      lines.addAll(appender.kill());
    }
    // The last line may be cut: then nobody has received that acknowledgement.
    lines.removeIf(line -> !line.endsWith(" ."));
    return lines;
  }

  private void check(Map<RunId, Integer> acknowledged, long seed) {
    int written = 0;
    try (var store = Stores.builder(folder).open()) {
      for (var entry : acknowledged.entrySet()) {
        RunId run = entry.getKey();
        List<Delta> deltas = Stores.all(store, run);
        assertThat(deltas.size() % AppenderProcess.BATCH)
            .as("%s has whole batches, seed %d", run, seed)
            .isZero();
        assertThat(deltas).as("%s, seed %d", run, seed).isEqualTo(Stores.elapsed(0, deltas.size()));
        assertThat(deltas.size() / AppenderProcess.BATCH)
            .as("appends of %s, seed %d", run, seed)
            .isBetween(entry.getValue(), entry.getValue() + 1);
        assertThat(store.held(run)).as("%s is held by nobody", run).isFalse();
        assertThat(store.epoch(run)).isEqualTo(1);
        written += deltas.size();
      }
      assertThat(store.unfinished(Integer.MAX_VALUE)).containsAll(acknowledged.keySet());
    }
    int told = acknowledged.values().stream().mapToInt(Integer::intValue).sum();
    System.getLogger(CheckpointKillTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0} appends of {1} runs acknowledged, {2} deltas written, 0 lost",
            told,
            acknowledged.size(),
            written);
  }

  /** What this test looks for is found when it is there. */
  private void negativeControl(Map<RunId, Integer> acknowledged, long seed) throws Exception {
    // Not the newest rows of the file: they may be of a run that had no acknowledgement yet.
    RunId run = acknowledged.keySet().iterator().next();
    loseNewest(run, 1);
    assertThatThrownBy(() -> check(acknowledged, seed))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("has whole batches");
    // One append may be written without an acknowledgement, so of two at least one had it.
    loseNewest(run, 2 * AppenderProcess.BATCH - 1);
    assertThatThrownBy(() -> check(acknowledged, seed))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("appends of");
  }

  private void loseNewest(RunId run, int deltas) throws Exception {
    String no = "(SELECT no FROM run WHERE id = '" + run + "')";
    Stores.sql(
        Stores.file(folder),
        "DELETE FROM delta WHERE key IN (SELECT key FROM delta WHERE key >> 32 = "
            + no
            + " ORDER BY key DESC LIMIT "
            + deltas
            + ")");
  }
}
