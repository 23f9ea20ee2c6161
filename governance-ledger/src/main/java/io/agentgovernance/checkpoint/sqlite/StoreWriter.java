// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.sqlite.Sqlite;
import io.agentgovernance.internal.sqlite.WriteQueue;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.CheckpointUnavailableException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is queued, in groups that form by themselves while the last one is being written.
 * Runs on a platform thread of its own: SQLite is native code, which would pin a virtual thread.
 */
final class StoreWriter implements Runnable {
  private static final Log log = Log.of(StoreWriter.class);

  /** How many runs are removed for each one that ends: more than one, to catch up. */
  private static final int PRUNED_FOR_EACH = 2;

  private final Path file;
  private final StoreSettings settings;
  private final StoreQueue queue;
  private final Holds holds;
  private final Runnable ended;

  // The writer thread's.
  private @Nullable StoreSession session;
  private boolean failed;

  /**
   * Runs of which somebody was told that nothing happened although it may have: the commit failed
   * in an unknown way, or the caller had given up. Before anything else happens to such a run, it
   * becomes again what it was.
   */
  private final Map<RunId, @Nullable RunRow> doubts = new LinkedHashMap<>();

  StoreWriter(
      Path file,
      StoreSettings settings,
      StoreSession session,
      StoreQueue queue,
      Holds holds,
      Runnable ended) {
    this.file = file;
    this.settings = settings;
    this.session = session;
    this.queue = queue;
    this.holds = holds;
    this.ended = ended;
  }

  /** Opens the connection that writes. */
  static Connection connect(Path file, StoreSettings settings) throws SQLException {
    boolean durable = settings.durability() == Durability.DURABLE;
    Connection connection = Sqlite.toWrite(file, durable ? Sqlite.Sync.FULL : Sqlite.Sync.NORMAL);
    settings.probe().opened(connection);
    return connection;
  }

  @Override
  public void run() {
    try {
      var batch = new ArrayList<Work<?>>(WriteQueue.MAX_BATCH);
      while (queue.take(batch)) {
        write(batch);
        batch.clear();
      }
      settleDoubts();
    } finally {
      // If an error ended it early, nobody may wait for it.
      queue.close();
      close();
      ended.run();
    }
  }

  private void write(List<Work<?>> batch) {
    try {
      transact(batch);
    } catch (SQLException | RuntimeException | Error e) {
      fail(batch, e);
    } finally {
      batch.forEach(work -> settings.time().taskEnded());
    }
  }

  private void transact(List<Work<?>> batch) throws SQLException {
    if (!batch.isEmpty() && batch.stream().allMatch(Work::givenUp)) {
      return;
    }
    StoreSession open = session;
    if (open == null) {
      open = new StoreSession(connect(file, settings), settings);
      session = open;
    }
    open.begin();
    for (var doubt : doubts.entrySet()) {
      open.restore(doubt.getKey(), doubt.getValue());
    }
    int finished = 0;
    int done = 0;
    do {
      for (; done < batch.size(); done++) {
        Work<?> work = batch.get(done);
        if (!work.givenUp()) {
          work.perform(open);
          finished += work instanceof Work.Finish ? 1 : 0;
        }
      }
    } while (queue.takeMore(batch));
    if (finished > 0) {
      int unused = open.prune(PRUNED_FOR_EACH * finished);
    }
    open.commit();
    doubts.clear();
    if (failed) {
      failed = false;
      log.info("checkpoint store {}: writes again", file);
    }
    queue.written(batch.size());
    for (Work<?> work : batch) {
      if (work.performed()) {
        answer(work);
      }
    }
  }

  private void answer(Work<?> work) {
    if (doubts.containsKey(work.run())) {
      // It came after something that will be undone, and goes with it.
      work.fail(unavailable("an append before this one was given up", null));
      return;
    }
    Long held = holds.settle(work);
    if (!work.answer()) {
      holds.restore(work.run(), held);
      doubts.put(work.run(), work.before());
    }
  }

  /** No part of a batch is acknowledged if its commit was not. */
  private void fail(List<Work<?>> batch, Throwable cause) {
    closeSession();
    if (!failed) {
      failed = true;
      log.warn("checkpoint store {}: cannot write: {}", file, cause.toString());
    }
    for (Work<?> work : batch) {
      if (work.performed() && !doubts.containsKey(work.run())) {
        doubts.put(work.run(), work.before());
      }
      work.fail(unavailable(cause.toString(), cause));
    }
  }

  private GovernanceException unavailable(String why, @Nullable Throwable cause) {
    return new CheckpointUnavailableException(
        "checkpoint store %s: not written: %s. Nothing of this is remembered; make room or repair the disk, and try again."
            .formatted(file, why),
        cause);
  }

  private void settleDoubts() {
    if (!doubts.isEmpty()) {
      try {
        transact(new ArrayList<>());
      } catch (SQLException | RuntimeException e) {
        log.warn(
            "checkpoint store {}: may hold more than was acknowledged: {}", file, e.toString());
      }
    }
  }

  /** After a failure the next batch starts from what the file says, on a new connection. */
  private void closeSession() {
    StoreSession open = session;
    session = null;
    if (open != null) {
      open.rollBack();
      open.close();
    }
  }

  private void close() {
    StoreSession open = session;
    if (open != null) {
      try {
        open.checkpoint();
      } catch (SQLException e) {
        log.warn(
            "checkpoint store {}: its write-ahead log stays until it is opened again: {}",
            file,
            e.toString());
      }
    }
    closeSession();
    for (Work<?> work : queue.giveUp()) {
      work.fail(queue.closed());
      settings.time().taskEnded();
    }
  }
}
