// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.BadInputException;
import io.agentgovernance.internal.sqlite.LocalFile;
import io.agentgovernance.internal.sqlite.OpenStores;
import io.agentgovernance.internal.sqlite.ProcessLock;
import io.agentgovernance.internal.sqlite.Readers;
import io.agentgovernance.internal.sqlite.Sqlite;
import io.agentgovernance.internal.sqlite.WriterThread;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.CheckpointUnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One open file, shared by all who opened its path in this process. Thread safe. */
final class SharedStore {
  private static final Log log = Log.of(SharedStore.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  /** How many runs are removed at most while opening. */
  private static final int PRUNED_ON_OPENING = 100;

  /** The one thing of this process that is shared: what it has open, by real path. */
  private static final OpenStores<SharedStore> OPEN = new OpenStores<>();

  private final Path file;
  private final StoreSettings settings;
  private final StoreQueue queue;
  private final Readers readers;
  private final Holds holds = new Holds();
  private final Thread writer;

  private SharedStore(Path file, StoreSettings settings) throws SQLException, IOException {
    this.file = file;
    this.settings = settings;
    this.queue = new StoreQueue(file.toString(), settings.time());
    this.readers = new Readers(() -> Sqlite.toRead(file));
    Deque<AutoCloseable> taken = new ArrayDeque<>();
    try {
      ProcessLock lock = lock(file);
      taken.push(lock);
      LocalFile.makePrivate(file);
      if (LocalFile.isShared(file)) {
        log.warn(
            "checkpoint store {}: others than its owner may use the file, which holds texts of runs. Restrict it with: chmod 600",
            file);
      }
      Connection connection = StoreWriter.connect(file, settings);
      taken.push(connection);
      StoreSchema.migrate(connection, file, settings.time().now());
      var session = new StoreSession(connection, settings);
      taken.push(session);
      pruneOld(session);
      this.writer =
          new WriterThread(
              new StoreWriter(file, settings, session, queue, holds, lock::close),
              "governance-checkpoints-" + file.getFileName());
    } catch (SQLException | IOException | RuntimeException e) {
      taken.forEach(Sqlite::closeQuietly);
      throw e;
    }
    writer.start();
  }

  private static ProcessLock lock(Path file) throws IOException {
    try {
      return ProcessLock.take(LocalFile.beside(file, ".lock"));
    } catch (ProcessLock.HeldException e) {
      throw new CheckpointsLockedException(file, e.pid(), e.holder());
    }
  }

  private void pruneOld(StoreSession session) throws SQLException {
    session.begin();
    int removed = session.prune(PRUNED_ON_OPENING);
    session.commit();
    if (removed > 0) {
      log.info("checkpoint store {}: removed {} runs that ended", file, removed);
    }
  }

  /** Opens a store, or joins those who have it open. */
  static SharedStore open(Path given, StoreSettings settings) {
    try {
      Path file =
          LocalFile.toWrite(
              "checkpoint store", "Put it on a local disk; its runs are at work here", given);
      return OPEN.open(file, () -> opened(file, settings), open -> open.join(settings));
    } catch (IOException e) {
      throw unopened(given, e);
    }
  }

  private static SharedStore opened(Path file, StoreSettings settings) {
    try {
      return new SharedStore(file, settings);
    } catch (SQLException | IOException e) {
      throw unopened(file, e);
    }
  }

  private static CheckpointUnavailableException unopened(Path file, Exception cause) {
    return new CheckpointUnavailableException(
        "checkpoint store %s: cannot be opened: %s. Check that it is a checkpoint store, that its folder is writable, and that there is room on the disk."
            .formatted(file, cause.getMessage()),
        cause);
  }

  private void join(StoreSettings wanted) {
    List<String> differences = wanted.differencesFrom(settings);
    if (!differences.isEmpty()) {
      throw new BadInputException(
          "checkpoint store " + file,
          "other settings than those it is open with in this process: " + differences,
          "the same settings, since the writer is shared",
          "Open it with the same settings, or pass the open instance");
    }
  }

  /** Leaves; the last one closes. Blocks for what is still to be written, ten seconds at most. */
  void leave() {
    OPEN.leave(file, SharedStore::close);
  }

  private void close() {
    readers.close();
    queue.close();
    awaitWriter();
  }

  private void awaitWriter() {
    if (Thread.currentThread() == writer) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      writer.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (writer.isAlive()) {
      List<Work<?>> left = queue.giveUp();
      left.forEach(
          work -> {
            work.fail(queue.closed());
            settings.time().taskEnded();
          });
      log.warn(
          "checkpoint store {}: its writer did not end in {}; {} appends were refused, and the file stays locked until it does",
          file,
          CLOSE_LIMIT,
          left.size());
    }
  }

  /** Has the writer do something, and waits for its answer. */
  <R> R write(Work<R> work) {
    begin(work);
    return await(work);
  }

  /** Has the writer do something; whoever begins it has to await it. Waits for room at most. */
  void begin(Work<?> work) {
    queue.put(work);
  }

  /** Waits for the writer's answer. */
  <R> R await(Work<R> work) {
    return work.await(file.toString());
  }

  <T> T read(Readers.Reading<T> reading) {
    try {
      return readers.read(reading);
    } catch (SQLException e) {
      throw new CheckpointUnavailableException(
          "checkpoint store %s: cannot be read: %s. Check the disk, or restore a backup."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  CheckpointUnavailableException closed() {
    return queue.closed();
  }

  Path file() {
    return file;
  }

  StoreSettings settings() {
    return settings;
  }

  Holds holds() {
    return holds;
  }
}
