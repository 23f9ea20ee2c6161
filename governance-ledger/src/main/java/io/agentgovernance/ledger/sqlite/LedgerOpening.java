// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.UnanchoredTail;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.AnchorSink;
import io.agentgovernance.spi.SecretSource;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a ledger needs, one after the other, and gives all of it back if one cannot be had.
 */
final class LedgerOpening {
  private static final Log log = Log.of(LedgerOpening.class);
  private static final long CHECKED_ENTRIES = 10_000;

  private final LedgerPath path;
  private final Deque<AutoCloseable> taken = new ArrayDeque<>();

  private final LedgerLock lock;
  private final Connections connections;
  private final WriteSession session;
  private final Head head;
  private final LedgerSchema.Identity identity;
  private final AnchorKey key;
  private final AnchorLog anchorLog;
  private final @Nullable FileAnchorSink ownSink;
  private final @Nullable SinkPump sink;
  private final AppendQueue queue;
  private final AnchorMaker anchors;
  private final LogGuard guard;

  private LedgerOpening(LedgerPath path, LedgerSettings settings) throws SQLException, IOException {
    this.path = path;
    try {
      this.lock = take(LedgerLock.take(path));
      this.connections = new Connections(path, settings.durability(), settings.probe());
      Connection connection = take(connections.toWrite());
      LedgerSchema.migrate(connection, path, settings.time().now(), settings.probe());
      this.anchorLog = take(AnchorLog.open(path.anchors()));
      LastAnchor last = LastAnchor.of(path);
      this.identity = LedgerSchema.opened(connection, last.epoch());
      this.key = key(settings, last);
      this.head = Entries.head(connection);
      report(
          new LedgerCheck(path, List.of(), trusted(settings)).runTail(connection, CHECKED_ENTRIES),
          settings);
      Path sinkFile = settings.sinkFile();
      this.ownSink = sinkFile == null ? null : take(new FileAnchorSink(sinkFile));
      this.session = take(new WriteSession(connection, settings.probe()));
      AnchorSink chosen = ownSink == null ? settings.sink() : ownSink;
      this.sink = chosen == null ? null : new SinkPump(path, chosen);
      this.guard = new LogGuard(path, settings.maxLogBytes(), settings.probe());
      this.queue = new AppendQueue(path.toString(), settings.time());
      long anchored = Math.min(last.sequence(), head.sequence());
      this.anchors =
          new AnchorMaker(path, identity, key, anchorLog, sink, settings, anchored, queue::wake);
    } catch (SQLException | IOException | RuntimeException e) {
      taken.forEach(Connections::closeQuietly);
      throw e;
    }
  }

  static LedgerOpening of(LedgerPath path, LedgerSettings settings) {
    try {
      return new LedgerOpening(path, settings);
    } catch (SQLException | IOException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED,
          "ledger %s: cannot be opened: %s. Check that it is a ledger, that its folder is writable, and that there is room on the disk."
              .formatted(path, e.getMessage()),
          e);
    }
  }

  private <T extends AutoCloseable> T take(T closeable) {
    taken.push(closeable);
    return closeable;
  }

  /**
   * What the end of the file of anchors says. A line that is none does not keep a ledger from being
   * opened, and does not make it one without anchors either.
   */
  private record LastAnchor(long sequence, long epoch, String keyId) {
    private static final String UNKNOWN_KEY = "unknown";

    static LastAnchor of(LedgerPath path) throws IOException {
      var anchors = new ArrayList<Anchor>();
      try {
        AnchorLog.readTail(path.anchors(), (line, anchor) -> anchors.add(anchor));
      } catch (AnchorLog.MalformedException e) {
        log.error(
            "ledger {}: {}. Verify the ledger, and keep that file as evidence.",
            path,
            e.getMessage());
        return new LastAnchor(0, 0, UNKNOWN_KEY);
      }
      long sequence = 0;
      long epoch = 0;
      String keyId = "";
      for (Anchor anchor : anchors) {
        sequence = Math.max(sequence, anchor.sequence());
        epoch = Math.max(epoch, anchor.epoch());
        Anchor.Signature signature = anchor.signature();
        keyId = signature == null ? "" : signature.keyId();
      }
      return new LastAnchor(sequence, epoch, keyId);
    }
  }

  private AnchorKey key(LedgerSettings settings, LastAnchor last) {
    var source = settings.key();
    AnchorKey found;
    SecretSource secrets = source == null ? null : source.secrets();
    if (source != null && secrets != null) {
      try (var secret = secrets.read(source.reference())) {
        found = secret.use(pem -> AnchorKey.parse("signing key of ledger " + path, pem));
      }
    } else {
      Path file =
          source == null ? KeyFile.usual(identity.id()) : requireNonNull(source.file(), "file");
      found = KeyFile.open(path, file, last.keyId());
    }
    if (!last.keyId().isEmpty()
        && !last.keyId().equals(LastAnchor.UNKNOWN_KEY)
        && !last.keyId().equals(found.id())) {
      log.warn(
          "ledger {}: its last anchor is signed by key {}, the next ones will be by key {}. Keep both public keys for verifying.",
          path,
          last.keyId(),
          found.id());
    }
    return found;
  }

  private List<PublicKey> trusted(LedgerSettings settings) {
    var keys = new ArrayList<>(settings.formerKeys());
    keys.add(key.publicKey());
    return keys;
  }

  /** A ledger is evidence, and is opened whatever it shows; but an operator should know. */
  private void report(Verification tail, LedgerSettings settings) {
    if (tail instanceof UnanchoredTail unanchored
        && unanchored.count() > settings.anchorEvery() + AppendQueue.MAX_BATCH) {
      log.warn(
          "ledger {}: {} entries since the last anchor, more than a crash leaves behind. If they were not written with a larger anchorEvery, somebody may have cut anchors off and rewritten entries: compare with anchors kept elsewhere.",
          path,
          unanchored.count());
    } else if (tail instanceof UnanchoredTail unanchored) {
      log.info(
          "ledger {}: {} entries since the last anchor, as after a crash",
          path,
          unanchored.count());
    } else if (!(tail instanceof Ok)) {
      log.error(
          "ledger {}: opened, but its end is not as it was written: {}. Verify it.", path, tail);
    }
  }

  /** Makes the writer, which gives everything back when it ends. */
  Writer writer(LedgerSettings settings) {
    return new Writer(
        path,
        connections,
        session,
        guard,
        head,
        queue,
        anchors,
        settings.probe(),
        settings.time(),
        this::giveBack);
  }

  private void giveBack() {
    Connections.closeQuietly(anchorLog);
    lock.close();
  }

  Connections connections() {
    return connections;
  }

  LedgerSchema.Identity identity() {
    return identity;
  }

  AnchorKey key() {
    return key;
  }

  @Nullable FileAnchorSink ownSink() {
    return ownSink;
  }

  @Nullable SinkPump sink() {
    return sink;
  }

  AppendQueue queue() {
    return queue;
  }

  LogGuard guard() {
    return guard;
  }

  AnchorMaker anchors() {
    return anchors;
  }
}
