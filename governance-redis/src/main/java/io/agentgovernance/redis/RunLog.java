// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.StateLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The log of one run on the server: what scripts are called with, and what they answer. Thread safe
 * but for {@link #request}, which one thread at a time may call.
 */
final class RunLog {
  static final String NO = "0";
  static final String YES = "1";
  private static final String FOLLOW = "FOLLOW";
  private static final int REFRESHES_PER_KEEP = 8;
  private static final String UNKNOWN =
      ". Whether it took effect is not known until the same command is given again; check that the"
          + " server can be reached and has memory left.";

  /** Where the log began: changes are announced once one follows that was begun elsewhere. */
  enum Origin {
    HERE,
    ELSEWHERE
  }

  /** How far a command came whose caller waits no more. */
  enum Late {
    NEVER_SENT,
    SENT
  }

  private final RedisConnections connections;
  private final Supplier<StoreScripts> scripts;
  private final RedisKeys keys;
  private final long epoch;
  private final ServerClock clock;
  private final Origin origin;
  private final String writer = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  private final String[] allKeys;
  private final AtomicLong refreshed = new AtomicLong(System.nanoTime());
  private long batches;

  RunLog(
      RedisConnections connections,
      Supplier<StoreScripts> scripts,
      RedisKeys keys,
      long epoch,
      ServerClock clock,
      Origin origin) {
    this.connections = connections;
    this.scripts = scripts;
    this.keys = keys;
    this.epoch = epoch;
    this.clock = clock;
    this.origin = origin;
    this.allKeys = allKeys(keys);
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

  RedisKeys keys() {
    return keys;
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

  /**
   * A batch as it is sent, as often as that takes.
   *
   * @param sequence the change it was decided on
   * @param name how the log names it
   */
  record Request(long sequence, String name, List<String> arguments) {}

  /** Gives a batch its number. One thread at a time may call it. */
  Request request(Replicas.Start start, Batch batch) {
    long number = batches + 1;
    List<String> arguments = head(number, start.sequence(), start.tail());
    arguments.add(batch.inline() ? YES : NO);
    arguments.add(keep());
    arguments.add(refresh() ? YES : NO);
    batch.arguments(arguments, start.working());
    batches = number; // two that are on their way follow each other, else the script mixes them up
    return new Request(start.sequence(), writer + ":" + number, arguments);
  }

  /** Sends a batch once. Sent again, it is answered as it was the first time. */
  CompletionStage<AppendReply> append(Request request) {
    String[] given = request.arguments().toArray(String[]::new);
    return connections.run(scripts.get().append(), allKeys, given).thenApply(this::heard);
  }

  /** Asks once what came after a change. */
  CompletionStage<AppendReply> missing(long sequence, String tail) {
    List<String> arguments = head(Long.MAX_VALUE, sequence, tail);
    String want = origin == Origin.ELSEWHERE ? FOLLOW : "";
    arguments.addAll(List.of(NO, keep(), NO, want, NO, NO, "", NO, NO, NO));
    return connections
        .run(scripts.get().append(), allKeys, arguments.toArray(String[]::new))
        .thenApply(this::heard);
  }

  /** Asks what came after a change, until there is an answer. */
  AppendReply caughtUp(long sequence, String tail) {
    return connections.callOnce("append", () -> missing(sequence, tail));
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
    List<String> words = AppendReply.words(answer);
    hear(words);
    return AppendReply.of(words);
  }

  void hear(List<?> answer) {
    if (answer.size() > 1 && !"LOST".equals(answer.get(0))) {
      clock.heard((String) answer.get(1));
    }
  }

  String keep() {
    return Long.toString(connections.options().keep().toMillis());
  }

  /** Whether the keys are due to be kept for longer. */
  boolean refresh() {
    long last = refreshed.get();
    long now = System.nanoTime();
    return now - last >= connections.options().keep().toNanos() / REFRESHES_PER_KEEP
        && refreshed.compareAndSet(last, now);
  }

  /** Lets the keys of the run live as long as those of a finished one. */
  void finish() {
    String keep = Long.toString(connections.options().keepFinished().toMillis());
    String[] given = {Long.toString(epoch), keep};
    List<Object> unused =
        connections.call("finish", () -> connections.run(scripts.get().finish(), allKeys, given));
  }

  /** How long a caller waits for an answer. */
  Duration limit() {
    return connections.options().commandTimeout();
  }

  /** Begins to try a batch, for which no caller has to wait. */
  Attempts attempts() {
    return Attempts.of(connections.options());
  }

  /** Does something after so many milliseconds, unless everything is closed then. */
  void later(Runnable task, long milliseconds) {
    connections.later(task, milliseconds);
  }

  boolean closed() {
    return connections.closed();
  }

  RedisFailure failure(Throwable thrown) {
    return RedisFailure.of(connections.where(), "append", thrown);
  }

  /**
   * What a caller is told whose time is over.
   *
   * @param late how far its command came
   */
  CoordinationUnavailableException late(Late late) {
    String where = "run '" + keys.run() + "': " + connections.where();
    return late == Late.NEVER_SENT
        ? new CoordinationUnavailableException(
            where
                + ": no turn to write within "
                + limit()
                + ", because what was sent before got no answer. It did not take effect; check that"
                + " the server can be reached.",
            null,
            CoordinationUnavailableException.Outcome.NONE)
        : new CoordinationUnavailableException(
            where + ": no answer to append within " + limit() + UNKNOWN, null);
  }

  StateLostException lost(String found) {
    return new StateLostException(keys.run(), found);
  }

  CoordinationUnavailableException unavailable(RedisFailure failure) {
    return unavailable(keys.run(), failure);
  }

  static CoordinationUnavailableException unavailable(RunId run, RedisFailure failure) {
    return new CoordinationUnavailableException(
        "run '" + run + "': " + failure.getMessage() + UNKNOWN, failure);
  }
}
