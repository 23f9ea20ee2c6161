// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is queued, in groups that form by themselves while the last one is being written.
 * Runs on a platform thread of its own: SQLite is native code, which would pin a virtual thread.
 */
final class Writer implements Runnable {
  private static final Log log = Log.of(Writer.class);

  private final String ledger;
  private final Connections connections;
  private final AppendQueue queue;
  private final AnchorMaker anchors;
  private final LogGuard guard;
  private final Probe probe;
  private final TimeSource time;
  private final Runnable ended;

  // The writer thread's.
  private @Nullable WriteSession session;
  private Head head;

  /**
   * Where the chain may end: after a commit that failed nobody knows whether it was done, so both
   * ends are possible until the file was read again. Any other end is somebody else's work.
   */
  private final Set<Head> possible = new LinkedHashSet<>();

  private volatile boolean failed;

  Writer(
      LedgerPath path,
      Connections connections,
      WriteSession session,
      LogGuard guard,
      Head head,
      AppendQueue queue,
      AnchorMaker anchors,
      Probe probe,
      TimeSource time,
      Runnable ended) {
    this.ledger = path.toString();
    this.connections = connections;
    this.session = session;
    this.guard = guard;
    this.head = head;
    this.possible.add(head);
    this.queue = queue;
    this.anchors = anchors;
    this.probe = probe;
    this.time = time;
    this.ended = ended;
  }

  @Override
  public void run() {
    try {
      var batch = new ArrayList<Pending>(AppendQueue.MAX_BATCH);
      while (queue.take(batch)) {
        if (!batch.isEmpty()) {
          write(batch);
          batch.clear();
        }
        anchorIfDue();
      }
      anchors.anchor(head);
    } finally {
      // If an error ended it early, nobody may wait for it.
      queue.close();
      close();
      ended.run();
    }
  }

  private void anchorIfDue() {
    // Set by somebody's dependent action, it would close the file of the anchors.
    boolean unused = Thread.interrupted();
    try {
      anchors.anchorIfDue(head);
    } catch (RuntimeException e) {
      // The host's time source; entries do not depend on it.
      log.warn("ledger {}: could not plan the next anchor, after {}", ledger, head, e);
    }
  }

  private void write(List<Pending> batch) {
    try {
      Head next = transact(batch);
      possible.clear();
      possible.add(next);
      head = next;
    } catch (SQLException | RuntimeException | Error e) {
      fail(batch, e);
      return;
    }
    if (failed) {
      failed = false;
      log.info("ledger {}: writes again, after {}", ledger, head);
    }
    queue.written(batch.size());
    for (Pending pending : batch) {
      pending.answer();
      time.taskEnded();
    }
  }

  private Head transact(List<Pending> batch) throws SQLException {
    WriteSession open = session;
    if (open == null) {
      open = new WriteSession(connections.toWrite(), probe);
      session = open;
    }
    guard.watch(open);
    Head found = open.begin();
    if (!possible.contains(found)) {
      throw changed(found);
    }
    possible.clear();
    possible.add(found);
    head = found;
    Head next = found;
    int appended = 0;
    do {
      for (; appended < batch.size(); appended++) {
        Pending pending = batch.get(appended);
        next = open.append(pending, next);
        guard.writing(pending.bytes());
      }
      open.flush();
    } while (queue.takeMore(batch));
    if (open.indexIfDue(next)) {
      guard.writing(Long.MAX_VALUE);
    }
    possible.add(next);
    open.commit();
    return next;
  }

  /** Nothing depends on it: who opens the file next would read the keys that are missing. */
  private void index(WriteSession open) throws SQLException {
    Head found = open.begin();
    if (possible.contains(found)) {
      open.index(found);
      open.commit();
    } else {
      open.rollBack();
    }
  }

  /** Returns whether the last batch was refused. Any thread. */
  boolean isFailing() {
    return failed;
  }

  private LedgerUnavailableException changed(Head found) {
    return new LedgerUnavailableException(
        Reason.FAILED,
        "ledger %s: ends in %s, expected %s. Somebody else changed the file while it was open here; nothing is appended to it. Verify it, keep it as evidence, and open another."
            .formatted(ledger, found, head));
  }

  /** No part of a batch is acknowledged if its commit was not. */
  private void fail(List<Pending> batch, Throwable cause) {
    closeSession();
    if (!failed) {
      failed = true;
      log.warn("ledger {}: cannot write, after {}: {}", ledger, head, cause.toString());
    }
    var why =
        cause instanceof LedgerUnavailableException known
            ? known
            : new LedgerUnavailableException(
                Reason.FAILED,
                "ledger %s: %d entries were not written: %s. Nothing of them is acknowledged; make room or repair the disk, and append them again."
                    .formatted(ledger, batch.size(), cause),
                cause);
    for (Pending pending : batch) {
      pending.fail(why);
      time.taskEnded();
    }
  }

  /** After a failure the next batch starts from what the file says, on a new connection. */
  private void closeSession() {
    WriteSession open = session;
    session = null;
    if (open != null) {
      open.rollBack();
      open.close();
    }
  }

  private void close() {
    WriteSession open = session;
    if (open != null) {
      try {
        index(open);
        open.checkpoint();
      } catch (SQLException e) {
        log.warn(
            "ledger {}: its write-ahead log stays until it is opened again: {}",
            ledger,
            e.toString());
      }
    }
    closeSession();
    for (Pending pending : queue.giveUp()) {
      pending.fail(queue.closed());
      time.taskEnded();
    }
  }
}
