// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.spi.RunReplica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A batch that is on its way: what was decided, the request, and what became of it. What became of
 * it is guarded by the lock of the {@link SendQueue}; the rest is used by whoever has the turn.
 */
final class Flight {
  /** A command, what was decided, and the number of its fence in the batch. */
  record Decided<R>(Pending<R> pending, RunReplica.Decision<R> decision, int fence) {

    void settle(Set<Integer> stale) {
      pending.answer(stale.contains(fence) ? decision.fenced() : decision.applied());
    }

    /** Answers a command that needs a fence which does not hold; returns whether it does. */
    boolean fenced(Set<Integer> stale) {
      boolean refused = stale.contains(fence) && !decision.countsAnyway();
      if (refused) {
        Applied<R> answer = decision.fenced();
        pending.answer(answer);
      }
      return refused;
    }
  }

  /** Whether others were on their way when it was sent. */
  enum Place {
    FIRST,
    BEHIND
  }

  private final Attempts attempts;
  private final List<Decided<?>> decided;
  private final Batch batch;
  private final RunLog.Request request;
  private Place sent = Place.FIRST;
  private long departed;
  private boolean arrived;
  private @Nullable AppendReply reply;
  private @Nullable Throwable thrown;

  Flight(List<Decided<?>> decided, Batch batch, RunLog.Request request, Attempts attempts) {
    this.attempts = attempts;
    this.decided = decided;
    this.batch = batch;
    this.request = request;
  }

  Batch batch() {
    return batch;
  }

  RunLog.Request request() {
    return request;
  }

  Attempts attempts() {
    return attempts;
  }

  List<Decided<?>> decided() {
    return decided;
  }

  /** The commands that are not answered, of callers who wait. */
  List<Pending<?>> open() {
    List<Pending<?>> open = new ArrayList<>(decided.size());
    for (Decided<?> one : decided) {
      if (!one.pending().answered() && !one.pending().left()) {
        open.add(one.pending());
      }
    }
    return open;
  }

  /** Whether it can be accepted only if those before it are, because it builds upon them. */
  boolean changes() {
    return !batch.changes().isEmpty();
  }

  /** Notes that it is sent, once more perhaps. */
  void departs(Place place) {
    sent = place;
    departed = System.nanoTime();
    arrived = false;
  }

  /** Notes what an attempt came to: one of the two is absent. */
  void arrives(@Nullable AppendReply answer, @Nullable Throwable failure) {
    reply = answer;
    thrown = failure;
    arrived = true;
  }

  /** Whether it has been on its way for so long. */
  boolean late(Duration time) {
    return System.nanoTime() - departed > time.toNanos();
  }

  boolean arrived() {
    return arrived;
  }

  /** Where it was in line when it was last sent. */
  Place sent() {
    return sent;
  }

  @Nullable AppendReply reply() {
    return reply;
  }

  @Nullable Throwable thrown() {
    return thrown;
  }

  /** Has a caller of the batch who waits do something; false if none waits. */
  boolean appoint(Runnable work) {
    for (Decided<?> one : decided) {
      if (one.pending().appoint(work)) {
        return true;
      }
    }
    return false;
  }
}
