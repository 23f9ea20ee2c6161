// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScoredValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Which runs have not ended, oldest first. It is in another slot than the runs, so nothing is done
 * to both at once: a run is noted before it is begun and removed after it has ended, and who reads
 * removes what a crash in between has left. Thread safe.
 */
final class RunRegistry {
  private static final Script RESERVE = Script.resource("registry_reserve");
  private static final Script DROP = Script.resource("registry_drop");
  private static final int PAGE = 256;

  /** A run that is noted and not there for so long will not come any more. */
  private static final Duration BEGUN_WITHIN = Duration.ofMinutes(1);

  private final RedisConnections connections;
  private final TenantId tenant;
  private final String key;

  RunRegistry(RedisConnections connections, TenantId tenant) {
    this.connections = connections;
    this.tenant = tenant;
    this.key = RedisKeys.unfinishedRuns(tenant);
  }

  /** Notes a run that is about to be started. */
  void reserve(RunId run) {
    List<Object> unused =
        connections.call(
            RESERVE.name(), () -> connections.run(RESERVE, new String[] {key}, run.value()));
  }

  /** Removes a run that has ended. */
  void remove(RunId run) {
    Long unused = connections.call("ZREM", () -> connections.commands().zrem(key, run.value()));
  }

  /** The first runs that are there and have not ended. */
  List<RunId> unfinished(int limit) {
    List<RunId> found = new ArrayList<>();
    List<ScoredValue<String>> left = new ArrayList<>();
    long from = 0;
    List<ScoredValue<String>> page = List.of();
    do {
      long first = from;
      page =
          limit <= 0
              ? List.of()
              : connections.call(
                  "ZRANGE",
                  () -> connections.commands().zrangeWithScores(key, first, first + PAGE - 1));
      look(page, limit, found, left);
      from += page.size();
    } while (page.size() == PAGE && found.size() < limit);
    if (!left.isEmpty()) {
      drop(left);
    }
    return found;
  }

  private void look(
      List<ScoredValue<String>> page,
      int limit,
      List<RunId> found,
      List<ScoredValue<String>> left) {
    List<CompletionStage<List<KeyValue<String, String>>>> states = new ArrayList<>();
    for (ScoredValue<String> noted : page) {
      String control = CheckpointKeys.of(tenant, RunId.of(noted.getValue())).control();
      states.add(connections.commands().hmget(control, "epoch", "ended"));
    }
    for (int i = 0; i < page.size(); i++) {
      List<KeyValue<String, String>> state = connections.await("HMGET", states.get(i));
      boolean begun = state.get(0).hasValue();
      if (!begun || state.get(1).hasValue()) {
        left.add(page.get(i));
      } else if (found.size() < limit) {
        found.add(RunId.of(page.get(i).getValue()));
      }
    }
  }

  /** Ended runs, and those whose beginning was not reached; nobody waits for it. */
  private void drop(List<ScoredValue<String>> left) {
    List<String> time = connections.call("TIME", () -> connections.commands().time());
    double young =
        Long.parseLong(time.get(0)) * 1e6
            + Long.parseLong(time.get(1))
            - BEGUN_WITHIN.toNanos() / 1e3;
    for (ScoredValue<String> noted : left) {
      if (noted.getScore() < young) {
        var unused =
            connections.run(
                DROP,
                new String[] {key},
                noted.getValue(),
                String.valueOf((long) noted.getScore()));
      }
    }
  }
}
