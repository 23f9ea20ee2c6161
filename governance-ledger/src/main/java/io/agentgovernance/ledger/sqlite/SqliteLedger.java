// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerReceipt;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.AuditLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An audit ledger in one SQLite file: every entry is on stable storage before it is acknowledged,
 * linked to the one before it by a hash, and covered at the latest after ten seconds by a signature
 * beside the file.
 *
 * <pre>{@code
 * try (SqliteLedger ledger = SqliteLedger.open(Path.of("/var/lib/bank/ledger.db"))) {
 *   Orchestrator.builder().ledger(ledger).require(Durability.DURABLE)…
 * }
 * Verification result = SqliteLedger.verify(Path.of("/var/lib/bank/ledger.db"), AnchorKeys.read(publicKey));
 * }</pre>
 *
 * <p>Thread safe. One chain holds all runs. One thread writes; appends that come together share one
 * commit. A producer waits two seconds at most when 8,192 entries or 64 MiB wait. Queries read on
 * connections of their own and never wait for the writer. One process writes a file at a time; who
 * opens a path that is open in this process shares its writer, with the same settings, and each
 * closes what was opened.
 *
 * <p>After a commit that failed, for instance on a full disk, all drafts of that commit are
 * refused, and the next append tries again: no restart is needed.
 *
 * <p>A person who can change the file, its anchors and the signing key can rewrite everything: send
 * anchors to another host with an {@link io.agentgovernance.spi.AnchorSink}, and give them to
 * {@link #verify(Path, Collection, PublicKey...)}.
 */
public final class SqliteLedger implements AuditLedger {
  private final LedgerStore store;
  private final AtomicBoolean closed = new AtomicBoolean();

  SqliteLedger(LedgerStore store) {
    this.store = store;
  }

  /**
   * Opens a ledger with the defaults of {@link #builder}; makes the file if there is none. Blocks
   * for files and locks.
   *
   * @throws io.agentgovernance.BadInputException if the path is none for a ledger
   * @throws LedgerLockedException if another process has it open
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if it cannot be opened
   */
  public static SqliteLedger open(Path file) {
    return builder(file).open();
  }

  /** Returns a builder for the ledger in this file. */
  public static SqliteLedgerBuilder builder(Path file) {
    return new SqliteLedgerBuilder(file);
  }

  /**
   * Verifies a ledger's file without opening it for writing, also while another process writes it.
   * Blocks, for a time proportional to the number of entries; never throws because of what it
   * finds.
   *
   * @param file the ledger; its anchors are expected beside it
   * @param trusted the keys whose anchors count, see {@link AnchorKeys#read}. With none, a ledger
   *     that has anchors is {@link Verification.UntrustedKey}
   */
  public static Verification verify(Path file, PublicKey... trusted) {
    return verify(file, List.of(), trusted);
  }

  /**
   * Verifies a ledger's file against anchors that were kept elsewhere, too. These show what nothing
   * beside the file can: that its end was cut off together with its anchors.
   *
   * @param outside what a sink has kept, for instance from {@link FileAnchorSink#read}; anchors of
   *     other ledgers are passed over, but if all of them are, nothing is known
   */
  public static Verification verify(Path file, Collection<Anchor> outside, PublicKey... trusted) {
    requireNonNull(file, "file");
    try {
      return new LedgerCheck(LedgerPath.toRead(file), outside, List.of(trusted))
          .run(LedgerProgress.NONE);
    } catch (IOException e) {
      return new Verification.Unreadable("ledger " + file + " cannot be found: " + e);
    }
  }

  @Override
  public CompletableFuture<LedgerReceipt> append(LedgerDraft draft) {
    requireNonNull(draft, "draft");
    return closed.get() ? CompletableFuture.failedFuture(store.closed()) : store.append(draft);
  }

  @Override
  public boolean isPrompt() {
    return true;
  }

  @Override
  public Durability durability() {
    return store.settings().durability();
  }

  /** {@inheritDoc} What is acknowledged so far is anchored first. */
  @Override
  public Verification verify() {
    return closed.get() ? new Verification.Unreadable(store.closed().toString()) : store.verify();
  }

  @Override
  public LedgerPage query(LedgerQuery query) {
    requireNonNull(query, "query");
    checkOpen();
    return store.query(query);
  }

  /**
   * Copies the ledger to a file that does not exist yet, with its anchors beside it, and verifies
   * the copy. Blocks for as long as copying and verifying take; appends go on meanwhile. Copying
   * the file by other means can lose what is in its write-ahead log.
   *
   * @return what verifying the copy showed
   * @throws io.agentgovernance.BadInputException if the target exists or cannot be a ledger
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if the ledger is closed or copying
   *     failed
   */
  public Verification backup(Path target) {
    requireNonNull(target, "target");
    checkOpen();
    return store.backup(target);
  }

  /** Returns the ledger's id, which its anchors carry. It stays when the file is moved. */
  public String id() {
    return store.id();
  }

  /** Returns the public half of the key that signs anchors now. */
  public PublicKey publicKey() {
    return store.keys().get(0);
  }

  /** Returns the real path of the file. */
  public Path file() {
    return store.path().file();
  }

  /** Returns how it is doing, for metrics and health checks. Never blocks for the disk. */
  public LedgerHealth health() {
    LedgerHealth health = store.health();
    return closed.get()
        ? new LedgerHealth(
            LedgerHealth.State.CLOSED, health.queued(), health.logBytes(), health.logWarnings())
        : health;
  }

  private void checkOpen() {
    if (closed.get()) {
      throw store.closed();
    }
  }

  /**
   * Leaves the ledger. The last of those who opened it writes what was accepted, anchors the end
   * and closes the file, within ten seconds.
   */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      store.leave();
    }
  }

  /** Returns the file and id. */
  @Override
  public String toString() {
    return "SqliteLedger[" + store.path() + ", " + store.id() + "]";
  }
}
