// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.AnchorSink;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens a {@link SqliteLedger}. Not thread safe; reusable. */
public final class SqliteLedgerBuilder {
  static final int DEFAULT_ANCHOR_EVERY = 1_000;
  static final Duration DEFAULT_ANCHOR_INTERVAL = Duration.ofSeconds(10);
  static final long DEFAULT_MAX_LOG_BYTES = 1L << 30;
  static final long LEAST_MAX_LOG_BYTES = 1L << 20;

  private final Path file;
  private Durability durability = Durability.DURABLE;
  private LedgerSettings.@Nullable KeySource key;
  private List<PublicKey> formerKeys = List.of();
  private int anchorEvery = DEFAULT_ANCHOR_EVERY;
  private Duration anchorInterval = DEFAULT_ANCHOR_INTERVAL;
  private @Nullable AnchorSink sink;
  private @Nullable Path sinkFile;
  private long maxLogBytes = DEFAULT_MAX_LOG_BYTES;
  private TimeSource time = TimeSource.system();
  private Probe probe = Probe.NONE;

  SqliteLedgerBuilder(Path file) {
    this.file = requireNonNull(file, "file");
  }

  /**
   * Acknowledges entries that survive the death of this process, but not a power loss or a crash of
   * the operating system: faster where a disk is slow to confirm. If unset, entries are on stable
   * storage before they are acknowledged.
   */
  public SqliteLedgerBuilder processCrashOnly() {
    this.durability = Durability.PROCESS_CRASH;
    return this;
  }

  /**
   * Sets the file of the key that signs anchors: an Ed25519 private key in PKCS #8, as PEM. For a
   * ledger without anchors it is made if it is not there, readable by its owner only, and its
   * public half beside it in a file that ends in {@code .pub}. Whoever can write the ledger's
   * folder should not be able to read it. If unset, {@code ~/.agentgovernance/keys/<ledger
   * id>.key}.
   */
  public SqliteLedgerBuilder signingKey(Path file) {
    this.key = LedgerSettings.KeySource.of(requireNonNull(file, "file"));
    return this;
  }

  /**
   * Reads the key that signs anchors from a source of secrets, in the form of {@link
   * #signingKey(Path)}, when the ledger is opened.
   *
   * @param reference the reference, with its scheme
   */
  public SqliteLedgerBuilder signingKey(SecretSource secrets, String reference) {
    this.key =
        LedgerSettings.KeySource.of(
            requireNonNull(secrets, "secrets"), requireNonNull(reference, "reference"));
    return this;
  }

  /**
   * Sets public keys that signed this ledger's anchors before, for {@link SqliteLedger#verify()}.
   */
  public SqliteLedgerBuilder formerKeys(PublicKey... keys) {
    this.formerKeys = List.of(keys);
    return this;
  }

  /**
   * Sets after how many entries the end of the chain is signed. If unset, {@value
   * #DEFAULT_ANCHOR_EVERY}.
   *
   * @throws IllegalArgumentException if less than 1
   */
  public SqliteLedgerBuilder anchorEvery(int entries) {
    if (entries < 1) {
      throw new IllegalArgumentException("anchorEvery must be >= 1 but was " + entries);
    }
    this.anchorEvery = entries;
    return this;
  }

  /**
   * Sets how long an entry waits for a signature at most. If unset, 10 seconds.
   *
   * @throws IllegalArgumentException if not positive
   */
  public SqliteLedgerBuilder anchorInterval(Duration interval) {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("anchorInterval must be positive but was " + interval);
    }
    this.anchorInterval = interval;
    return this;
  }

  /**
   * Sends anchors to a sink as well, from a thread of its own. It stays the host's to close, after
   * the ledger. If unset, anchors are only beside the file.
   */
  public SqliteLedgerBuilder anchorSink(AnchorSink sink) {
    this.sink = requireNonNull(sink, "sink");
    this.sinkFile = null;
    return this;
  }

  /**
   * Sends anchors to a file as well, which the ledger opens and closes: see {@link FileAnchorSink}.
   */
  public SqliteLedgerBuilder anchorSink(Path file) {
    this.sinkFile = requireNonNull(file, "file").toAbsolutePath().normalize();
    this.sink = null;
    return this;
  }

  /**
   * Sets how large the write-ahead log may grow while somebody reads the ledger in one long
   * transaction, for instance with a database browser; beyond, appends are refused with BUSY until
   * that reader ends. A warning is logged at half of it, or at 64 MiB if that is less. Queries and
   * exports of this library read in short transactions; what reads long is checking the structure
   * of a large file while it is verified, and copying it. If unset, 1 GiB.
   *
   * @throws IllegalArgumentException if less than 1 MiB
   */
  public SqliteLedgerBuilder maxLogBytes(long maxLogBytes) {
    if (maxLogBytes < LEAST_MAX_LOG_BYTES) {
      throw new IllegalArgumentException(
          "maxLogBytes must be >= %d but was %d".formatted(LEAST_MAX_LOG_BYTES, maxLogBytes));
    }
    this.maxLogBytes = maxLogBytes;
    return this;
  }

  /** Sets the time source for waits and for the times of anchors. If unset, the real time. */
  public SqliteLedgerBuilder time(TimeSource time) {
    this.time = requireNonNull(time, "time");
    return this;
  }

  SqliteLedgerBuilder probe(Probe probe) {
    this.probe = probe;
    return this;
  }

  /**
   * Opens the ledger; makes the file if there is none. Blocks for files and locks.
   *
   * @throws io.agentgovernance.BadInputException if the path or the key cannot be used, or the
   *     ledger is open in this process with other settings
   * @throws LedgerLockedException if another process has it open
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if it cannot be opened
   */
  public SqliteLedger open() {
    return new SqliteLedger(
        LedgerStore.open(
            file,
            new LedgerSettings(
                durability,
                key,
                formerKeys,
                anchorEvery,
                anchorInterval,
                sink,
                sinkFile,
                maxLogBytes,
                time,
                probe)));
  }
}
