// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.StaleEpochException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something a caller waits for. The writer sets its answer while a transaction is open, and gives
 * it only after that was committed; whichever comes first, the answer or the caller's giving up,
 * counts.
 *
 * @param <R> what the caller gets
 */
abstract sealed class Work<R> {
  /** How long a caller waits for a disk. Real time: a disk knows no other. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RunId run;
  private final CompletableFuture<R> future = new CompletableFuture<>();

  private final long patientUntil = System.nanoTime() + PATIENCE.toNanos();

  // The writer's.
  private boolean performed;
  private @Nullable RunRow before;
  private @Nullable R result;
  private @Nullable GovernanceException refusal;

  Work(RunId run) {
    this.run = run;
  }

  RunId run() {
    return run;
  }

  /** How much there is to be written. */
  int bytes() {
    return 0;
  }

  /** Does it, within a transaction. */
  final void perform(StoreSession session) throws SQLException {
    before = session.row(run);
    performed = true;
    perform(session, before);
  }

  abstract void perform(StoreSession session, @Nullable RunRow row) throws SQLException;

  /** Whether the transaction came as far as this. */
  boolean performed() {
    return performed;
  }

  /** What was stored about the run before; null if nothing was. */
  @Nullable RunRow before() {
    return before;
  }

  void result(R result) {
    this.result = result;
  }

  void refuse(GovernanceException refusal) {
    this.refusal = refusal;
  }

  @Nullable R result() {
    return result;
  }

  /** Whether its caller has given up. */
  boolean givenUp() {
    return future.isDone();
  }

  /**
   * Gives the answer that was set.
   *
   * @return false if the caller has given up
   */
  boolean answer() {
    GovernanceException why = refusal;
    return why == null ? future.complete(result) : future.completeExceptionally(why);
  }

  /** Has somebody told what became of it, with null if it was done. Call it before it begins. */
  void tell(Consumer<@Nullable RuntimeException> told) {
    CompletableFuture<R> unused =
        future.whenComplete(
            (answer, failure) ->
                told.accept(
                    failure == null || failure instanceof RuntimeException
                        ? (RuntimeException) failure
                        : new IllegalStateException(failure)));
  }

  /** Says that nothing happened. */
  void fail(GovernanceException why) {
    boolean unused = future.completeExceptionally(why);
  }

  /**
   * Waits for the answer, until {@link #PATIENCE} after it was asked for. An interrupted caller
   * waits on: what it asked for is on its way, and it has to know what became of it.
   */
  R await(String store) {
    long until = patientUntil;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (TimeoutException e) {
          fail(tooSlow(store)); // unless the answer comes now
          until = Long.MAX_VALUE;
        }
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof GovernanceException why ? why : failed(store, e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static CheckpointUnavailableException tooSlow(String store) {
    return new CheckpointUnavailableException(
        "checkpoint store %s: no answer from the disk in %d s; nothing of this is remembered. Try again, or use a faster disk."
            .formatted(store, PATIENCE.toSeconds()),
        null);
  }

  private static CheckpointUnavailableException failed(String store, @Nullable Throwable cause) {
    return new CheckpointUnavailableException(
        "checkpoint store %s: failed: %s. Report it.".formatted(store, cause), cause);
  }

  /** Takes a run over. */
  static final class Claim extends Work<OptionalLong> {
    private final long expected;

    Claim(RunId run, long expected) {
      super(run);
      this.expected = expected;
    }

    @Override
    void perform(StoreSession session, @Nullable RunRow row) throws SQLException {
      if ((row == null ? 0 : row.epoch()) != expected) {
        result(OptionalLong.empty());
      } else if (row == null) {
        session.start(run());
        result(OptionalLong.of(1));
      } else {
        session.setEpoch(run(), row, expected + 1);
        result(OptionalLong.of(expected + 1));
      }
    }
  }

  /** Adds deltas. */
  static final class Append extends Work<Boolean> {
    private final long epoch;
    private final List<byte[]> bodies;
    private final int markedOffset;
    private final int bytes;

    Append(RunId run, long epoch, List<byte[]> bodies, int markedOffset) {
      super(run);
      this.epoch = epoch;
      this.bodies = bodies;
      this.markedOffset = markedOffset;
      this.bytes = bodies.stream().mapToInt(body -> body.length).sum();
    }

    @Override
    int bytes() {
      return bytes;
    }

    @Override
    void perform(StoreSession session, @Nullable RunRow row) throws SQLException {
      if (row == null || row.epoch() != epoch) {
        refuse(new StaleEpochException(run(), epoch, row == null ? 0 : row.epoch()));
      } else {
        session.append(run(), row, bodies, markedOffset);
        result(true);
      }
    }
  }

  /** Ends a run; answers whether it had not ended before. */
  static final class Finish extends Work<Boolean> {
    private final long epoch;

    Finish(RunId run, long epoch) {
      super(run);
      this.epoch = epoch;
    }

    @Override
    void perform(StoreSession session, @Nullable RunRow row) throws SQLException {
      if (row == null || row.hasEnded()) {
        result(false);
      } else if (row.epoch() != epoch) {
        refuse(new StaleEpochException(run(), epoch, row.epoch()));
      } else {
        session.end(run(), row);
        result(true);
      }
    }
  }
}
