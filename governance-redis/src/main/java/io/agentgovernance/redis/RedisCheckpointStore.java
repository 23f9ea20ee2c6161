// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.StaleEpochException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint store in Redis: runs can be taken over by another process on another machine.
 *
 * <pre>{@code
 * try (var checkpoints = RedisCheckpointStore.builder("rediss://redis.bank:6380").open()) {
 *   Orchestrator.builder().checkpoints(checkpoints)…
 * }
 * }</pre>
 *
 * <p>Thread safe. Each call blocks for one answer of the server, which is asked at most five times,
 * each for {@link RedisOptions#commandTimeout()}; a call that is repeated changes nothing twice.
 * How durable an acknowledged delta is depends on the server's settings, which are read when the
 * store is opened: see {@link #durability()}.
 *
 * <p>A hold is a key that goes by itself unless its process renews it, after {@link
 * RedisOptions#leaseTtl()}: so long after a process was killed are its runs still held. Ended runs
 * stay readable for {@link RedisOptions#keepFinished()}; runs that have not ended stay.
 *
 * <p>A delta is at most {@value #MAX_DELTA_BYTES} bytes of JSON, the deltas of one append together
 * at most {@value #MAX_APPEND_BYTES} and {@value #MAX_APPEND_DELTAS} in number.
 */
public final class RedisCheckpointStore implements CheckpointStore {
  /** The largest delta. */
  public static final int MAX_DELTA_BYTES = 16 * 1024 * 1024;

  /** The largest append. */
  public static final int MAX_APPEND_BYTES = 32 * 1024 * 1024;

  /** The most deltas of one append. */
  public static final int MAX_APPEND_DELTAS = 50_000;

  private static final Log log = Log.of(RedisCheckpointStore.class);
  private static final Script CLAIM = Script.resource("checkpoint_claim");
  private static final Script FINISH = Script.resource("checkpoint_finish");

  private final RedisConnections connections;
  private final TenantId tenant;
  private final Durability durability;
  private final RunHolds holds;
  private final RunRegistry registry;
  private final CheckpointReads reads;
  private final CheckpointAppends appends;
  private final AtomicBoolean closed = new AtomicBoolean();

  RedisCheckpointStore(RedisConnections connections, TenantId tenant) {
    this.connections = connections;
    this.tenant = tenant;
    this.durability = ServerDurability.read(connections);
    this.holds = new RunHolds(connections, tenant, connections.options().leaseTtl());
    this.registry = new RunRegistry(connections, tenant);
    this.reads = new CheckpointReads(connections);
    this.appends = new CheckpointAppends(connections);
  }

  /** Returns a builder for the store of a server: {@code redis://host:port…} */
  public static RedisCheckpointStoreBuilder builder(String uri) {
    return new RedisCheckpointStoreBuilder(RedisAddress.parse(requireNonNull(uri, "uri")));
  }

  @Override
  public OptionalLong claim(RunId run, long expected) {
    CheckpointKeys keys = keys(run);
    return reached(
        run,
        () -> {
          if (expected == 0) {
            if (reads.epoch(keys) != 0) {
              return OptionalLong.empty();
            }
            registry.reserve(run);
          }
          return claim(run, keys, expected);
        });
  }

  private OptionalLong claim(RunId run, CheckpointKeys keys, long expected) {
    String attempt = UUID.randomUUID().toString();
    List<Object> answer =
        connections.call(
            CLAIM.name(),
            () ->
                connections.run(
                    CLAIM, keys.toClaim(), String.valueOf(expected), attempt, holds.ttlMillis()));
    if (answer.get(0).equals("CONFLICT")) {
      return OptionalLong.empty();
    }
    long epoch = Long.parseLong((String) answer.get(1));
    appends.forget(run);
    if (answer.get(2).equals("open")) {
      holds.keep(run, epoch);
    }
    return OptionalLong.of(epoch);
  }

  @Override
  public long epoch(RunId run) {
    CheckpointKeys keys = keys(run);
    return reached(run, () -> reads.epoch(keys));
  }

  @Override
  public void append(RunId run, long epoch, List<Delta> deltas) {
    CheckpointKeys keys = keys(run);
    reached(
        run,
        () -> {
          appends.append(run, keys, epoch, deltas);
          return run;
        });
  }

  @Override
  public List<Delta> read(RunId run, long skip, int limit) {
    CheckpointKeys keys = keys(run);
    return reached(run, () -> reads.deltas(run, keys, skip, limit));
  }

  @Override
  public Optional<Checkpoint> latest(RunId run) {
    CheckpointKeys keys = keys(run);
    return reached(run, () -> reads.latest(run, keys));
  }

  @Override
  public void finish(RunId run, long epoch) {
    CheckpointKeys keys = keys(run);
    String keep = String.valueOf(connections.options().keepFinished().toMillis());
    List<Object> answer =
        reached(
            run,
            () ->
                connections.call(
                    FINISH.name(),
                    () -> connections.run(FINISH, keys.toFinish(), String.valueOf(epoch), keep)));
    if (answer.get(0).equals("STALE")) {
      throw new StaleEpochException(run, epoch, Long.parseLong((String) answer.get(1)));
    }
    holds.forget(run, epoch);
    appends.forget(run);
    try {
      registry.remove(run);
    } catch (RedisFailure e) {
      log.debug("run {}: whoever lists unfinished runs removes it from the list", run, e);
    }
  }

  /** {@inheritDoc} If the server cannot be reached, the hold goes by itself a little later. */
  @Override
  public void release(RunId run, long epoch) {
    requireNonNull(run, "run");
    requireOpen();
    appends.forget(run);
    try {
      List<Object> unused = connections.await("release", holds.release(run, epoch));
    } catch (RedisFailure e) {
      log.warn("run {}: its hold ends by itself: {}", run, e.getMessage());
    }
  }

  @Override
  public boolean held(RunId run) {
    CheckpointKeys keys = keys(run);
    return reached(run, () -> reads.held(keys));
  }

  @Override
  public List<RunId> unfinished(int limit) {
    requireOpen();
    return reached(null, () -> registry.unfinished(limit));
  }

  /**
   * How durable an appended delta is, by what the server said when the store was opened: {@link
   * Durability#DURABLE} with {@code appendonly yes} and {@code appendfsync always}, {@link
   * Durability#PROCESS_CRASH} with another {@code appendfsync} or if the server does not tell,
   * {@link Durability#MEMORY} without {@code appendonly} and on DragonflyDB, which has none. Of a
   * cluster, the weakest node counts.
   */
  @Override
  public Durability durability() {
    return durability;
  }

  /** For tests: its holds end as if this process had. */
  void stopRenewing() {
    holds.stop();
  }

  private CheckpointKeys keys(RunId run) {
    requireNonNull(run, "run");
    requireOpen();
    return CheckpointKeys.of(tenant, run);
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new CheckpointUnavailableException(
          "checkpoint store " + connections.where() + ": it is closed. Use one that is open.",
          null);
    }
  }

  private <T> T reached(@Nullable RunId run, Supplier<T> call) {
    try {
      return call.get();
    } catch (RedisFailure e) {
      throw new CheckpointUnavailableException(
          "checkpoint store "
              + e.getMessage()
              + (run == null ? "" : ", for run '" + run + "'")
              + ". Nothing of this is remembered; see that the server answers, and try again.",
          e);
    }
  }

  /** Gives back the runs it is still at, and closes its connections, within seconds. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      holds.close();
      connections.close();
    }
  }

  /** Returns the server. */
  @Override
  public String toString() {
    return "RedisCheckpointStore[" + connections.where() + "]";
  }
}
