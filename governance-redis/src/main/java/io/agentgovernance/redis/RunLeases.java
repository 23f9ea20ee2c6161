// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
  private final LeaseLine line;

  RunLeases(RedisConnections connections, Supplier<StoreScripts> scripts, RunLog log) {
    this.connections = connections;
    this.scripts = scripts;
    this.log = log;
    this.leaseKeys = new String[] {log.keys().control(), log.keys().leases()};
    this.line = new LeaseLine(this::request);
  }

  /** Takes a lease; returns its token, or 0 if another holds it. */
  long acquire(String resource, String owner, Duration ttl) {
    String answer = ask("take", resource, owner + "#" + log.writer(), micros(ttl));
    return answer.equals("HELD") || answer.equals("SUPERSEDED") ? 0 : Long.parseLong(answer);
  }

  /** Gives a lease back; returns whether it was held with that token. */
  boolean release(String resource, long token) {
    return ask("give", resource, Long.toString(token), "").equals("GIVEN");
  }

  private String ask(String... operation) {
    List<CompletableFuture<LeaseLine.Answer>> asked = new ArrayList<>(1);
    LeaseLine.Answer answer;
    try {
      answer =
          connections.callOnce(
              "leases",
              () -> {
                asked.add(line.ask(operation));
                return asked.get(asked.size() - 1);
              });
    } catch (RedisFailure e) {
      asked.forEach(one -> one.cancel(false)); // what waits in line is not sent any more
      throw log.unavailable(e);
    }
    if (answer.status().equals("LOST")) {
      throw log.lost(answer.detail());
    }
    return answer.status();
  }

  private CompletionStage<List<Object>> request(List<String> operations) {
    List<String> given = new ArrayList<>(2 + operations.size());
    given.add(Long.toString(log.epoch()));
    given.add(log.keep());
    given.addAll(operations);
    return connections
        .run(scripts.get().leases(), leaseKeys, given.toArray(String[]::new))
        .thenApply(
            answer -> {
              log.hear(answer);
              return answer;
            });
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
      answer =
          connections.callOnce(what, () -> connections.run(script.of(scripts.get()), keys, given));
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
