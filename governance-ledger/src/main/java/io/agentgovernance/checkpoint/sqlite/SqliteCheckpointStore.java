// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointUnavailableException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint store in one SQLite file: every delta is on stable storage before it is
 * acknowledged, so that a killed process's runs can be resumed.
 *
 * <pre>{@code
 * try (var checkpoints = SqliteCheckpointStore.open(Path.of("/var/lib/bank/checkpoints.db"))) {
 *   Orchestrator.builder().checkpoints(checkpoints)…
 * }
 * }</pre>
 *
 * <p>Thread safe. One thread writes; what comes together, of one run or of many, shares one commit.
 * {@link #claim}, {@link #append} and {@link #finish} wait two seconds at most while 8,192 of them
 * or 64 MiB are before them, and ten seconds at most for the disk. Reading never waits for the
 * writer. After a failed commit, for instance on a full disk, all who shared it are refused, and
 * the next append tries again: no restart is needed.
 *
 * <p>One process has a file open at a time, and {@link #held} is in its memory: a killed process
 * holds nothing. Who opens a path that is open in this process shares it, with the same settings,
 * and each closes what was opened.
 *
 * <p>A delta is at most {@value #MAX_DELTA_BYTES} bytes of JSON, the deltas of one append together
 * at most {@value #MAX_APPEND_BYTES}. Runs that ended are kept as {@link
 * SqliteCheckpointStoreBuilder#keepRuns} and {@link SqliteCheckpointStoreBuilder#keepFor} say. The
 * file holds prompts, replies and inputs: a new one is readable by its owner only.
 */
public final class SqliteCheckpointStore implements CheckpointStore {
  /** The largest delta. */
  public static final int MAX_DELTA_BYTES = 32 * 1024 * 1024;

  /** The largest append. */
  public static final int MAX_APPEND_BYTES = 64 * 1024 * 1024;

  private final SharedStore store;
  private final AtomicBoolean closed = new AtomicBoolean();

  SqliteCheckpointStore(SharedStore store) {
    this.store = store;
  }

  /**
   * Opens a store with the defaults of {@link #builder}; makes the file if there is none. Blocks
   * for files and locks.
   *
   * @throws io.agentgovernance.BadInputException if the path is none for a checkpoint store
   * @throws CheckpointsLockedException if another process has it open
   * @throws CheckpointUnavailableException if it cannot be opened
   */
  public static SqliteCheckpointStore open(Path file) {
    return builder(file).open();
  }

  /** Returns a builder for the store in this file. */
  public static SqliteCheckpointStoreBuilder builder(Path file) {
    return new SqliteCheckpointStoreBuilder(file);
  }

  @Override
  public OptionalLong claim(RunId run, long expected) {
    requireNonNull(run, "run");
    return opened().write(new Work.Claim(run, expected));
  }

  @Override
  public long epoch(RunId run) {
    requireNonNull(run, "run");
    return opened().read(connection -> StoreReads.epoch(connection, run));
  }

  @Override
  public void append(RunId run, long epoch, List<Delta> deltas) {
    boolean unused = opened().write(work(run, epoch, deltas));
  }

  @Override
  public Appending begin(
      RunId run, long epoch, List<Delta> deltas, Consumer<@Nullable RuntimeException> told) {
    SharedStore open = opened();
    Work.Append work = work(run, epoch, deltas);
    work.tell(told);
    open.begin(work);
    return () -> {
      boolean unused = open.await(work);
    };
  }

  private Work.Append work(RunId run, long epoch, List<Delta> deltas) {
    requireNonNull(run, "run");
    var bodies = new ArrayList<byte[]>(deltas.size());
    int marked = 0;
    long bytes = 0;
    for (Delta delta : deltas) {
      byte[] body = DeltaJson.write(delta).getBytes(UTF_8);
      bodies.add(body);
      bytes += body.length;
      if (body.length > MAX_DELTA_BYTES || bytes > MAX_APPEND_BYTES) {
        throw tooLarge(run, body.length, bytes);
      }
      if (delta instanceof Delta.Marked) {
        marked = bodies.size();
      }
    }
    return new Work.Append(run, epoch, bodies, marked);
  }

  private CheckpointUnavailableException tooLarge(RunId run, int delta, long append) {
    return new CheckpointUnavailableException(
        "checkpoint store %s, run '%s': a delta of %d bytes in an append of %d or more, expected at most %d and %d. Give the run smaller inputs, or references to them."
            .formatted(store.file(), run, delta, append, MAX_DELTA_BYTES, MAX_APPEND_BYTES),
        null);
  }

  @Override
  public List<Delta> read(RunId run, long skip, int limit) {
    requireNonNull(run, "run");
    return opened().read(connection -> StoreReads.deltas(connection, run, skip, limit));
  }

  @Override
  public Optional<Checkpoint> latest(RunId run) {
    requireNonNull(run, "run");
    return opened().read(connection -> StoreReads.latest(connection, run));
  }

  @Override
  public void finish(RunId run, long epoch) {
    requireNonNull(run, "run");
    boolean unused = opened().write(new Work.Finish(run, epoch));
  }

  @Override
  public void release(RunId run, long epoch) {
    requireNonNull(run, "run");
    opened().holds().release(run, epoch);
  }

  @Override
  public boolean held(RunId run) {
    requireNonNull(run, "run");
    return opened().holds().held(run);
  }

  @Override
  public List<RunId> unfinished(int limit) {
    return opened().read(connection -> StoreReads.unfinished(connection, limit));
  }

  @Override
  public Durability durability() {
    return store.settings().durability();
  }

  /** Returns the real path of the file. */
  public Path file() {
    return store.file();
  }

  private SharedStore opened() {
    if (closed.get()) {
      throw store.closed();
    }
    return store;
  }

  /**
   * Leaves the store. The last of those who opened it writes what was accepted and closes the file,
   * within ten seconds.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      store.leave();
    }
  }

  /** Returns the file. */
  @Override
  public String toString() {
    return "SqliteCheckpointStore[" + store.file() + "]";
  }
}
