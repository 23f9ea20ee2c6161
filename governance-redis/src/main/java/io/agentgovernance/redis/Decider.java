// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.spi.RunReplica;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands that are sent together, on the copy that has what is on its way; or turns them
 * away, if this store is of no use any more. Deciding is for whoever has the turn; the rest is
 * thread safe.
 */
final class Decider {
  private static final Applied<Object> SUPERSEDED =
      Applied.refused(Applied.Status.FENCED, "SUPERSEDED");

  private final RunLog log;
  private final Replicas replicas;
  private final SendQueue queue;
  private volatile boolean superseded;
  private volatile @Nullable String lost;

  Decider(RunLog log, Replicas replicas, SendQueue queue) {
    this.log = log;
    this.replicas = replicas;
    this.queue = queue;
  }

  /** Another store has the run now. */
  void supersede() {
    superseded = true;
  }

  boolean superseded() {
    return superseded;
  }

  /**
   * Whether this store is of no use any more: superseded, or ahead of a server that lost changes.
   */
  boolean gone() {
    return superseded || lost != null;
  }

  /** The server has lost changes that this JVM knows. */
  void lose(String found) {
    lost = found;
  }

  /** Decides each; answers those that nobody has to be asked about. Throws nothing. */
  @Nullable Flight decided(List<Pending<?>> all) {
    List<Pending<?>> open = open(all);
    while (!open.isEmpty() && !gone()) {
      Replicas.Start start = replicas.begin();
      if (start == null) {
        queue.putBack(open);
        queue.hold();
        return null;
      }
      Flight flight = decide(open, start);
      if (flight != null) {
        return flight;
      }
      open = open(all);
    }
    open.forEach(this::turnAway);
    return null;
  }

  private static List<Pending<?>> open(List<Pending<?>> all) {
    List<Pending<?>> open = new ArrayList<>(all.size());
    for (Pending<?> pending : all) {
      if (!pending.answered() && !pending.left()) {
        open.add(pending);
      }
    }
    return open;
  }

  private void turnAway(Pending<?> pending) {
    String found = lost;
    if (superseded || found == null) {
      refuse(pending);
    } else {
      pending.fail(log.lost(found));
    }
  }

  @SuppressWarnings("unchecked") // a refusal has no result
  private static <R> void refuse(Pending<R> pending) {
    pending.answer((Applied<R>) SUPERSEDED);
  }

  /** Tells all who are not answered that it failed. */
  static void failAll(List<Pending<?>> open, Throwable thrown) {
    RuntimeException failure =
        thrown instanceof RuntimeException known
            ? known
            : new IllegalStateException("the sender failed: " + thrown, thrown);
    for (Pending<?> pending : open) {
      if (!pending.answered()) {
        pending.fail(failure);
      }
      pending.wake();
    }
  }

  /** One decision of each; null if that failed, which those are told whom it concerns. */
  private @Nullable Flight decide(List<Pending<?>> open, Replicas.Start start) {
    try {
      Batch batch = new Batch(log.clock().now(), open);
      List<Flight.Decided<?>> decided = new ArrayList<>(open.size());
      for (Pending<?> pending : open) {
        if (batch.full()) {
          queue.putBack(open.subList(decided.size(), open.size()));
          break;
        }
        try {
          decided.add(decide(pending, start.working(), batch));
        } catch (RuntimeException e) { // its own mistake, not that of the others
          pending.fail(e);
          replicas.abandoned(1);
          return null;
        }
      }
      RunLog.Request request = log.request(start, batch);
      if (!batch.changes().isEmpty()) {
        replicas.decided(request.name());
      }
      return new Flight(decided, batch, request, log.attempts());
    } catch (RuntimeException | Error e) {
      replicas.abandoned(1);
      failAll(open, e);
      return null;
    }
  }

  private static <R> Flight.Decided<R> decide(Pending<R> pending, RunReplica working, Batch batch) {
    RunReplica.Decision<R> decision = working.decide(pending.command, batch.now());
    return new Flight.Decided<>(pending, decision, batch.add(decision, pending.text));
  }
}
