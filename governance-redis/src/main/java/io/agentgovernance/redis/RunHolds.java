// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.secret.Log;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The runs that this process is at. Each hold is a key in Redis that goes by itself unless it is
 * renewed, which one thread does for all of them at a third of their time, by monotonic time.
 * Thread safe; never waits but in {@link #close}.
 */
final class RunHolds implements AutoCloseable {
  private static final Log log = Log.of(RunHolds.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
  private static final Script HOLD = Script.resource("checkpoint_hold");
  private static final Script RELEASE = Script.resource("checkpoint_release");

  private final RedisConnections connections;
  private final TenantId tenant;
  private final Duration ttl;
  private final ConcurrentMap<RunId, Long> epochs = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor timer;

  RunHolds(RedisConnections connections, TenantId tenant, Duration ttl) {
    this.connections = connections;
    this.tenant = tenant;
    this.ttl = ttl;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "governance-redis-holds");
              thread.setDaemon(true);
              return thread;
            });
    long period = Math.max(1, ttl.toMillis() / 3);
    var unused = timer.scheduleAtFixedRate(this::renew, period, period, TimeUnit.MILLISECONDS);
  }

  String ttlMillis() {
    return String.valueOf(ttl.toMillis());
  }

  /** The claim has made the hold; from now on it is renewed. */
  void keep(RunId run, long epoch) {
    epochs.put(run, epoch);
  }

  /** It is renewed no more. */
  void forget(RunId run, long epoch) {
    epochs.remove(run, epoch);
  }

  private void renew() {
    epochs.forEach(
        (run, epoch) ->
            connections
                .run(HOLD, keys(run), String.valueOf(epoch), ttlMillis())
                .whenComplete((answer, thrown) -> renewed(run, epoch, answer, thrown)));
  }

  @SuppressWarnings("NullAway") // one of the two is null
  private void renewed(RunId run, long epoch, List<Object> answer, Throwable thrown) {
    if (thrown != null) {
      log.debug("run {}: its hold was not renewed", run, thrown);
    } else if (!"OK".equals(answer.get(0)) && epochs.remove(run, epoch)) {
      log.info("run {}: epoch {} is over: it was taken over or has ended", run, epoch);
    }
  }

  private String[] keys(RunId run) {
    return CheckpointKeys.of(tenant, run).toHold();
  }

  /** Renews no more. */
  void stop() {
    timer.shutdownNow();
  }

  /** Ends a hold, so that the run can be taken over at once. */
  CompletionStage<List<Object>> release(RunId run, long epoch) {
    forget(run, epoch);
    return connections.run(RELEASE, keys(run), String.valueOf(epoch));
  }

  /** Ends all holds that are left. Blocks for two seconds at most. */
  @Override
  public void close() {
    stop();
    List<CompletableFuture<?>> releases = new ArrayList<>();
    epochs.forEach((run, epoch) -> releases.add(release(run, epoch).toCompletableFuture()));
    CompletableFuture<Void> all =
        CompletableFuture.allOf(releases.toArray(CompletableFuture<?>[]::new));
    try {
      Void unused =
          all.completeOnTimeout(null, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (RuntimeException e) {
      log.debug("holds that were not ended go by themselves in {}", ttl, e);
    }
  }
}
