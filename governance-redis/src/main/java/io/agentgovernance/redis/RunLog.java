// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunReplica;
import io.agentgovernance.spi.StateLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The log of one run on the server, and its leases: what scripts are called with, and what they
 * answer. Blocks for the answer, repeats what got none. Thread safe but for {@link #append}, which
 * one thread at a time may call.
 */
final class RunLog {
  private static final String NO = "0";
  private static final String YES = "1";
  private static final int REFRESHES_PER_KEEP = 8;

  private final RedisConnections connections;
  private final Supplier<StoreScripts> scripts;
  private final RedisKeys keys;
  private final long epoch;
  private final ServerClock clock;
  private final String writer = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  private final String[] allKeys;
  private final String[] leaseKeys;
  private final AtomicLong refreshed = new AtomicLong(System.nanoTime());
  private long batches;

  RunLog(
      RedisConnections connections,
      Supplier<StoreScripts> scripts,
      RedisKeys keys,
      long epoch,
      ServerClock clock) {
    this.connections = connections;
    this.scripts = scripts;
    this.keys = keys;
    this.epoch = epoch;
    this.clock = clock;
    this.allKeys = allKeys(keys);
    this.leaseKeys = new String[] {keys.control(), keys.leases()};
  }

  /** Every key of a run that this package writes, in the order scripts want them. */
  static String[] allKeys(RedisKeys keys) {
    return new String[] {
      keys.control(),
      keys.log(),
      keys.leases(),
      keys.dedupe(),
      keys.agents(),
      keys.blackboard(),
      keys.blackboardVersions()
    };
  }

  RunId run() {
    return keys.run();
  }

  long epoch() {
    return epoch;
  }

  /** The name under which this JVM writes; no other has it. */
  String writer() {
    return writer;
  }

  String channel() {
    return keys.changes();
  }

  ServerClock clock() {
    return clock;
  }

  /** The name of the batch that {@link #append} was called with last. */
  String lastBatch() {
    return writer + ":" + batches;
  }

  /**
   * Writes a batch after the change it was decided on.
   *
   * @throws RedisFailure if it is not known whether it was written
   */
  AppendReply append(long sequence, String tail, Batch batch, RunReplica after) {
    batches++;
    List<String> arguments = head(batches, sequence, tail);
    arguments.add(batch.inline() ? YES : NO);
    arguments.add(keep());
    arguments.add(refresh() ? YES : NO);
    batch.arguments(arguments, after);
    String[] given = arguments.toArray(String[]::new);
    return heard(
        connections.call("append", () -> connections.run(scripts.get().append(), allKeys, given)));
  }

  /** Asks once what came after a change. */
  CompletionStage<AppendReply> missing(long sequence, String tail) {
    List<String> arguments = head(Long.MAX_VALUE, sequence, tail);
    arguments.addAll(List.of(NO, keep(), NO, "", NO, NO, NO, NO));
    return connections
        .run(scripts.get().append(), allKeys, arguments.toArray(String[]::new))
        .thenApply(this::heard);
  }

  /** Asks what came after a change, until there is an answer. */
  AppendReply caughtUp(long sequence, String tail) {
    return connections.call("append", () -> missing(sequence, tail));
  }

  private List<String> head(long batch, long sequence, String tail) {
    List<String> arguments = new ArrayList<>(32);
    arguments.add(Long.toString(epoch));
    arguments.add(writer);
    arguments.add(Long.toString(batch));
    arguments.add(Long.toString(sequence));
    arguments.add(tail);
    arguments.add(keys.changes());
    return arguments;
  }

  private AppendReply heard(List<Object> answer) {
    hear(answer);
    return AppendReply.of(answer);
  }

  private void hear(List<Object> answer) {
    if (answer.size() > 1 && !"LOST".equals(answer.get(0))) {
      clock.heard((String) answer.get(1));
    }
  }

  private String keep() {
    return Long.toString(connections.options().keep().toMillis());
  }

  /** Whether the keys are due to be kept for longer. */
  private boolean refresh() {
    long last = refreshed.get();
    long now = System.nanoTime();
    return now - last >= connections.options().keep().toNanos() / REFRESHES_PER_KEEP
        && refreshed.compareAndSet(last, now);
  }

  /** Takes a lease; returns its token, or 0 if another holds it. */
  long acquire(String resource, String owner, Duration ttl) {
    List<Object> answer =
        lease(
            "lease_acquire",
            StoreScripts::acquire,
            leaseKeys,
            resource,
            owner + "#" + writer,
            micros(ttl),
            keep());
    return "OK".equals(answer.get(0)) ? Long.parseLong((String) answer.get(2)) : 0;
  }

  /** What became of renewing a lease. */
  record Renewal(boolean held, long sequence, boolean refreshed) {}

  /** Extends a lease that is still held; says too how far the log is. */
  Renewal renew(String resource, long token, Duration ttl) {
    boolean due = refresh();
    List<Object> answer =
        lease(
            "lease_renew",
            StoreScripts::renew,
            allKeys,
            resource,
            Long.toString(token),
            micros(ttl),
            keep(),
            due ? YES : NO);
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
    given[0] = Long.toString(epoch);
    System.arraycopy(arguments, 0, given, 1, arguments.length);
    List<Object> answer;
    try {
      answer = connections.call(what, () -> connections.run(script.of(scripts.get()), keys, given));
    } catch (RedisFailure e) {
      throw unavailable(e);
    }
    hear(answer);
    if ("LOST".equals(answer.get(0))) {
      throw lost((String) answer.get(1));
    }
    return answer;
  }

  private static String micros(Duration ttl) {
    return Long.toString(ttl.toSeconds() * 1_000_000L + ttl.toNanosPart() / 1_000);
  }

  /** Lets the keys of the run live as long as those of a finished one. */
  void finish() {
    String keep = Long.toString(connections.options().keepFinished().toMillis());
    String[] given = {Long.toString(epoch), keep};
    List<Object> unused =
        connections.call("finish", () -> connections.run(scripts.get().finish(), allKeys, given));
  }

  StateLostException lost(String found) {
    return new StateLostException(keys.run(), found);
  }

  CoordinationUnavailableException unavailable(RedisFailure failure) {
    return unavailable(keys.run(), failure);
  }

  static CoordinationUnavailableException unavailable(RunId run, RedisFailure failure) {
    return new CoordinationUnavailableException(
        "run '"
            + run
            + "': "
            + failure.getMessage()
            + ". Whether it took effect is not known until the same command is given again; check"
            + " that the server can be reached and has memory left.",
        failure);
  }
}
