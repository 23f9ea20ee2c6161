// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Connections that only read, kept for the next query. Thread safe; a query never waits for
 * another.
 */
public final class Readers {
  private static final int KEPT = 4;

  private final Source source;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private boolean closed;

  /** Makes a pool that is empty at first. */
  public Readers(Source source) {
    this.source = source;
  }

  /** Opens connections that only read. */
  @FunctionalInterface
  public interface Source {
    /** Opens one. */
    Connection open() throws SQLException;
  }

  /** Something that reads. */
  @FunctionalInterface
  public interface Reading<T> {
    /** Reads. */
    T from(Connection connection) throws SQLException;
  }

  /** Reads on a connection of its own. */
  public <T> T read(Reading<T> reading) throws SQLException {
    Connection kept = takeIdle();
    Connection connection = kept == null ? source.open() : kept;
    boolean good = false;
    try {
      T result = reading.from(connection);
      good = true;
      return result;
    } finally {
      if (!good || !keep(connection)) {
        Sqlite.closeQuietly(connection);
      }
    }
  }

  private @Nullable Connection takeIdle() {
    lock.lock();
    try {
      return idle.poll();
    } finally {
      lock.unlock();
    }
  }

  private boolean keep(Connection connection) {
    lock.lock();
    try {
      return !closed && idle.size() < KEPT && idle.add(connection);
    } finally {
      lock.unlock();
    }
  }

  /** Closes what is idle; what is in use is closed when its query ends. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      idle.forEach(Sqlite::closeQuietly);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }
}
