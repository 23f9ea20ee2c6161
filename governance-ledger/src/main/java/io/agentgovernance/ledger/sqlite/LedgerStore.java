// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.BadInputException;
import io.agentgovernance.internal.sqlite.OpenStores;
import io.agentgovernance.internal.sqlite.Readers;
import io.agentgovernance.internal.sqlite.WriterThread;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.secret.Log;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One open ledger file, shared by all who opened its path in this process. Thread safe. */
final class LedgerStore {
  private static final Log log = Log.of(LedgerStore.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
  private static final long ANCHOR_SECONDS = 5;

  /** The one thing of this process that is shared: what it has open, by real path. */
  private static final OpenStores<LedgerStore> OPEN = new OpenStores<>();

  private final LedgerPath path;
  private final LedgerSettings settings;
  private final AppendQueue queue;
  private final Readers readers;
  private final AnchorMaker anchors;
  private final List<PublicKey> keys;
  private final String id;
  private final Writer writing;
  private final LogGuard guard;
  private final Thread writer;
  private final @Nullable SinkPump sink;
  private final @Nullable FileAnchorSink ownSink;

  private LedgerStore(LedgerPath path, LedgerSettings settings, LedgerOpening opened) {
    this.path = path;
    this.settings = settings;
    this.queue = opened.queue();
    this.readers = new Readers(opened.connections()::toRead);
    this.anchors = opened.anchors();
    this.id = opened.identity().id();
    this.sink = opened.sink();
    this.ownSink = opened.ownSink();
    var trusted = new ArrayList<>(settings.formerKeys());
    trusted.add(0, opened.key().publicKey());
    this.keys = List.copyOf(trusted);
    this.guard = opened.guard();
    this.writing = opened.writer(settings);
    this.writer = new WriterThread(writing, "governance-ledger-" + path.file().getFileName());
    writer.start();
  }

  /** Opens a ledger, or joins those who have it open. */
  static LedgerStore open(Path given, LedgerSettings settings) {
    LedgerPath path = LedgerPath.toWrite(given);
    return OPEN.open(
        path.file(),
        () -> new LedgerStore(path, settings, LedgerOpening.of(path, settings)),
        open -> open.checkSame(settings));
  }

  private void checkSame(LedgerSettings wanted) {
    List<String> differences = wanted.differencesFrom(settings);
    if (!differences.isEmpty()) {
      throw new BadInputException(
          "ledger " + path,
          "other settings than those it is open with in this process: " + differences,
          "the same settings, since the writer is shared",
          "Open it with the same settings, or pass the open instance");
    }
  }

  /**
   * Leaves; the last one closes. Blocks for what is still to be written, {@link #CLOSE_LIMIT} at
   * most.
   */
  void leave() {
    OPEN.leave(path.file(), LedgerStore::close);
  }

  private void close() {
    readers.close();
    queue.close();
    awaitWriter();
    if (sink != null) {
      sink.close();
    }
    if (ownSink != null) {
      ownSink.close();
    }
  }

  private void awaitWriter() {
    if (Thread.currentThread() == writer) {
      return;
    }
    try {
      writer.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (writer.isAlive()) {
      List<Pending> left = queue.giveUp();
      for (Pending pending : left) {
        pending.fail(queue.closed());
        settings.time().taskEnded();
      }
      log.warn(
          "ledger {}: its writer did not end in {}; {} drafts were refused, and the file stays locked until it does",
          path,
          CLOSE_LIMIT,
          left.size());
    }
  }

  String id() {
    return id;
  }

  LedgerPath path() {
    return path;
  }

  LedgerSettings settings() {
    return settings;
  }

  List<PublicKey> keys() {
    return keys;
  }

  LedgerUnavailableException closed() {
    return queue.closed();
  }

  CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    var pending = new Pending(draft);
    try {
      queue.put(pending);
      return pending.future();
    } catch (LedgerUnavailableException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  LedgerPage query(LedgerQuery query) {
    return read(connection -> Entries.page(connection, LedgerSchema.VERSION, query));
  }

  private <T> T read(Readers.Reading<T> reading) {
    try {
      return readers.read(reading);
    } catch (SQLException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED, "ledger %s: cannot be read: %s.".formatted(path, e.getMessage()), e);
    }
  }

  LedgerHealth health() {
    var state = writing.isFailing() ? LedgerHealth.State.FAILED : LedgerHealth.State.WRITING;
    return new LedgerHealth(state, queue.size(), guard.bytes(), guard.warnings());
  }

  Verification verify() {
    // What the writer knows and nobody has signed yet would else be safe from being compared.
    Optional<Head> unused = anchorNow();
    return new LedgerCheck(path, List.of(), keys).run(LedgerProgress.NONE);
  }

  /** Has the end of the chain signed; empty if the writer has no time for it. */
  Optional<Head> anchorNow() {
    if (Thread.currentThread() == writer) {
      return Optional.empty();
    }
    try {
      return Optional.of(anchors.request().get(ANCHOR_SECONDS, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  /** Copies the ledger; see {@link LedgerBackup}. */
  Verification backup(Path target) {
    return new LedgerBackup(path, keys, new BackupSigner(this, anchors))
        .to(target, LedgerProgress.NONE);
  }
}
