// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.internal.sqlite.Readers;
import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.ledger.Verification;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * A ledger's file as an auditor reads it: nothing is written, no lock is taken, and another process
 * may be writing it. It reads in short transactions, so that it does not hold up the writer.
 *
 * <pre>{@code
 * try (LedgerFile file = LedgerFile.open(Path.of("/var/lib/bank/ledger.db"))) {
 *   file.forEach(LedgerQuery.builder().run(run).build(), entry -> print(EntryJson.of(entry)));
 * }
 * }</pre>
 *
 * <p>Reading is not verifying: an entry may be other than it was written, see {@link #verify}.
 * Thread safe.
 */
public final class LedgerFile implements AutoCloseable {
  private final LedgerPath path;
  private final Readers readers;
  private final LedgerSchema.Origin ledger;

  private LedgerFile(LedgerPath path, Readers readers, LedgerSchema.Origin ledger) {
    this.path = path;
    this.readers = readers;
    this.ledger = ledger;
  }

  /**
   * Opens a ledger's file for reading. Blocks for the file.
   *
   * @throws BadInputException if there is no such file, or it is no ledger, or one of a newer
   *     version
   * @throws LedgerUnavailableException if it cannot be read
   */
  public static LedgerFile open(Path file) {
    requireNonNull(file, "file");
    try {
      LedgerPath path = LedgerPath.toRead(file);
      var readers = new Readers(() -> Connections.toRead(path));
      LedgerSchema.Origin ledger =
          readers.read(connection -> LedgerSchema.checkReadable(connection, path));
      return new LedgerFile(path, readers, ledger);
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          "path of a ledger",
          "'" + file + "', which does not exist",
          "the file of a ledger",
          "Name the file that ends in .db",
          e);
    } catch (IOException | SQLException e) {
      throw unreadable(file.toString(), e);
    }
  }

  /** Returns the ledger's id, which its anchors carry. */
  public String id() {
    return ledger.id();
  }

  /** Returns the real path of the file. */
  public Path file() {
    return path.file();
  }

  /**
   * Returns where a ledger of this id keeps its public key unless its host names another place:
   * {@code ~/.agentgovernance/keys/<ledger id>.key.pub} of this user. There need not be one.
   */
  public Path usualPublicKey() {
    return KeyFile.publicHalf(KeyFile.usual(ledger.id()));
  }

  /** Returns one page of matching entries in the order of their sequence. Blocks for reading. */
  public LedgerPage query(LedgerQuery query) {
    requireNonNull(query, "query");
    return read(connection -> Entries.page(connection, ledger.version(), query));
  }

  /**
   * Returns the matching entries with the highest sequences, as many as the query's limit, in the
   * order of their sequence. Blocks for reading.
   */
  public List<LedgerEntry> last(LedgerQuery query) {
    requireNonNull(query, "query");
    return read(connection -> Entries.last(connection, ledger.version(), query));
  }

  /**
   * Hands over all matching entries in the order of their sequence, page by page: memory for one
   * page is needed. Ends early if {@code each} answers false. Entries appended meanwhile are
   * included. Blocks for reading and for {@code each}.
   */
  public void forEach(LedgerQuery query, Predicate<? super LedgerEntry> each) {
    requireNonNull(each, "each");
    LedgerQuery next = requireNonNull(query, "query");
    while (true) {
      LedgerPage page = query(next);
      for (LedgerEntry entry : page.entries()) {
        if (!each.test(entry)) {
          return;
        }
      }
      OptionalLong after = page.next();
      if (after.isEmpty()) {
        return;
      }
      next = next.after(after.getAsLong());
    }
  }

  /** Counts what the file holds. Blocks, for a time proportional to the number of entries. */
  public LedgerStats stats(LedgerProgress progress) {
    requireNonNull(progress, "progress");
    try {
      return new StatsCount(path, ledger, readers).run(progress);
    } catch (SQLException | IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  /**
   * Verifies the file as {@link SqliteLedger#verify(Path, Collection, PublicKey...)} does. Blocks,
   * for a time proportional to the number of entries; never throws because of what it finds.
   *
   * @param outside anchors kept elsewhere; none if empty
   * @param trusted the keys whose anchors count
   */
  public Verification verify(
      Collection<Anchor> outside, Collection<PublicKey> trusted, LedgerProgress progress) {
    requireNonNull(progress, "progress");
    return new LedgerCheck(path, outside, List.copyOf(trusted)).run(progress);
  }

  /**
   * Copies the ledger to a file that does not exist yet, with the anchors that fit the copy, and
   * verifies the copy. Nothing new is signed, so the copy of a ledger in use ends in entries that
   * no anchor covers: {@link SqliteLedger#backup} signs the end. Blocks for as long as copying and
   * verifying take.
   *
   * @param trusted the keys whose anchors count
   * @return what verifying the copy showed
   * @throws BadInputException if the target exists or cannot be a ledger
   * @throws LedgerUnavailableException if copying failed
   */
  public Verification backup(Path target, Collection<PublicKey> trusted, LedgerProgress progress) {
    requireNonNull(target, "target");
    requireNonNull(progress, "progress");
    return new LedgerBackup(path, List.copyOf(trusted), LedgerBackup.EndSigner.NONE)
        .to(target, progress);
  }

  private <T> T read(Readers.Reading<T> reading) {
    try {
      return readers.read(reading);
    } catch (SQLException e) {
      throw unreadable(path.toString(), e);
    }
  }

  private static LedgerUnavailableException unreadable(String what, Exception cause) {
    return new LedgerUnavailableException(
        Reason.FAILED,
        "ledger %s: cannot be read: %s. Check that it is a ledger and that you may read it and its folder."
            .formatted(what, cause.getMessage()),
        cause);
  }

  /** Closes what it read with. */
  @Override
  public void close() {
    readers.close();
  }
}
