// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The leases of one run on the server. Blocks for the answer, at most as long as a command may
 * take; repeats what got none. Thread safe.
 */
final class RunLeases {
  private final RedisConnections connections;
  private final Supplier<StoreScripts> scripts;
  private final RunLog log;
  private final String[] leaseKeys;

  RunLeases(RedisConnections connections, Supplier<StoreScripts> scripts, RunLog log) {
    this.connections = connections;
    this.scripts = scripts;
    this.log = log;
    this.leaseKeys = new String[] {log.keys().control(), log.keys().leases()};
  }

  /** Takes a lease; returns its token, or 0 if another holds it. */
  long acquire(String resource, String owner, Duration ttl) {
    List<Object> answer =
        lease(
            "lease_acquire",
            StoreScripts::acquire,
            leaseKeys,
            resource,
            owner + "#" + log.writer(),
            micros(ttl),
            log.keep());
    return "OK".equals(answer.get(0)) ? Long.parseLong((String) answer.get(2)) : 0;
  }

  /** What became of renewing a lease. */
  record Renewal(boolean held, long sequence, boolean refreshed) {}

  /** Extends a lease that is still held; says too how far the log is. */
  Renewal renew(String resource, long token, Duration ttl) {
    boolean due = log.refresh();
    List<Object> answer =
        lease(
            "lease_renew",
            StoreScripts::renew,
            RunLog.allKeys(log.keys()),
            resource,
            Long.toString(token),
            micros(ttl),
            log.keep(),
            due ? RunLog.YES : RunLog.NO);
    long sequence = answer.size() > 2 ? Long.parseLong((String) answer.get(2)) : 0;
    return new Renewal("OK".equals(answer.get(0)), sequence, due);
  }

  boolean release(String resource, long token) {
    return "OK"
        .equals(
            lease("lease_release", StoreScripts::release, leaseKeys, resource, Long.toString(token))
                .get(0));
  }

  boolean holds(String resource, long token) {
    return "OK"
        .equals(
            lease("lease_check", StoreScripts::check, leaseKeys, resource, Long.toString(token))
                .get(0));
  }

  /** Which of the scripts. */
  @FunctionalInterface
  private interface Choice {
    Script of(StoreScripts scripts);
  }

  private List<Object> lease(String what, Choice script, String[] keys, String... arguments) {
    String[] given = new String[arguments.length + 1];
    given[0] = Long.toString(log.epoch());
    System.arraycopy(arguments, 0, given, 1, arguments.length);
    List<Object> answer;
    try {
      answer = connections.callOnce(what, () -> connections.run(script.of(scripts.get()), keys, given));
    } catch (RedisFailure e) {
      throw log.unavailable(e);
    }
    log.hear(answer);
    if ("LOST".equals(answer.get(0))) {
      throw log.lost((String) answer.get(1));
    }
    return answer;
  }

  private static String micros(Duration ttl) {
    return Long.toString(ttl.toSeconds() * 1_000_000L + ttl.toNanosPart() / 1_000);
  }
}
