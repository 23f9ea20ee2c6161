// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.spi.RunReplica;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the commands of all threads of this JVM and sends those that wait together, one batch at a
 * time. Whoever finds nobody sending sends for all, and hands over when its own command is
 * answered. Thread safe.
 */
final class Sender {
  private static final int MOST_COMMANDS = 256;
  private static final Applied<Object> SUPERSEDED =
      Applied.refused(Applied.Status.FENCED, "SUPERSEDED");

  private final RunLog log;
  private final Replicas replicas;
  private final Consumer<Batch> accepted;
  private final Runnable unknown;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Pending<?>> waiting = new ArrayDeque<>();
  private boolean sending;
  private volatile boolean superseded;
  private volatile @Nullable String lost;

  /**
   * Sends to a log.
   *
   * @param accepted is told of each batch that is in the log
   * @param unknown is told when it is not known whether a batch is
   */
  Sender(RunLog log, Replicas replicas, Consumer<Batch> accepted, Runnable unknown) {
    this.log = log;
    this.replicas = replicas;
    this.accepted = accepted;
    this.unknown = unknown;
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

  <R> Applied<R> apply(Command<R> command) {
    Pending<R> mine = new Pending<>(command);
    if (!enqueue(mine)) {
      mine.await();
    }
    while (!mine.done()) {
      List<Pending<?>> batch = take();
      send(batch);
      if (mine.answered()) {
        handOver();
      }
      batch.forEach(
          pending -> {
            if (pending.answered()) {
              pending.wake();
            }
          });
    }
    return mine.result();
  }

  /** Returns true if the caller is to send. */
  private boolean enqueue(Pending<?> pending) {
    lock.lock();
    try {
      waiting.add(pending);
      boolean mine = !sending;
      sending = true;
      return mine;
    } finally {
      lock.unlock();
    }
  }

  private List<Pending<?>> take() {
    lock.lock();
    try {
      List<Pending<?>> batch = new ArrayList<>(Math.min(waiting.size(), MOST_COMMANDS));
      while (batch.size() < MOST_COMMANDS && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void handOver() {
    lock.lock();
    try {
      Pending<?> next = waiting.peek();
      if (next == null) {
        sending = false;
      } else {
        next.appoint();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Puts back what does not fit: everything from a place on. */
  private void putBack(List<Pending<?>> open, int from) {
    List<Pending<?>> rest = open.subList(from, open.size());
    lock.lock();
    try {
      for (int i = rest.size() - 1; i >= 0; i--) {
        waiting.addFirst(rest.get(i));
      }
    } finally {
      lock.unlock();
    }
    rest.clear();
  }

  /** Sends until all are answered or put back. Throws nothing: whoever waits is told. */
  private void send(List<Pending<?>> batch) {
    List<Pending<?>> open = batch;
    Attempts contention = new Attempts();
    try {
      while (!open.isEmpty()) {
        open = attempt(open, contention);
      }
    } catch (RedisFailure e) {
      replicas.abandoned();
      failAll(open, log.unavailable(e));
      unknown.run();
    } catch (RuntimeException e) {
      replicas.abandoned();
      failAll(open, e);
    } catch (Error e) {
      replicas.abandoned();
      failAll(open, new IllegalStateException("the sender failed: " + e, e));
    }
  }

  private static void failAll(List<Pending<?>> open, RuntimeException thrown) {
    for (Pending<?> pending : open) {
      if (!pending.answered()) {
        pending.fail(thrown);
      }
    }
  }

  /** One decision of each and one call; returns those that have to be decided again. */
  private List<Pending<?>> attempt(List<Pending<?>> open, Attempts contention) {
    if (superseded) {
      open.forEach(Sender::refuse);
      return List.of();
    }
    String gone = lost;
    if (gone != null) {
      throw log.lost(gone);
    }
    Replicas.Start start = replicas.begin();
    Batch batch = new Batch(log.clock().now());
    List<Decided<?>> decided = new ArrayList<>(open.size());
    for (Pending<?> pending : open) {
      if (batch.full()) {
        putBack(open, decided.size());
        break;
      }
      try {
        decided.add(decide(pending, start.working(), batch));
      } catch (RuntimeException e) { // its own mistake, not that of the others
        pending.fail(e);
        replicas.abandoned();
        return without(open, pending);
      }
    }
    AppendReply reply = log.append(start.sequence(), start.tail(), batch, start.working());
    if (reply instanceof AppendReply.Accepted answer) {
      replicas.accepted(batch.changes(), log.lastBatch());
      decided.forEach(one -> one.settle(answer.stale()));
      accepted.accept(batch);
      return List.of();
    }
    replicas.abandoned();
    if (reply instanceof AppendReply.Fenced answer) {
      List<Pending<?>> rest = new ArrayList<>(decided.size());
      for (Decided<?> one : decided) {
        if (!one.fenced(answer.stale())) {
          rest.add(one.pending());
        }
      }
      return rest;
    }
    if (reply instanceof AppendReply.Behind answer) {
      boolean fits = replicas.add(start.sequence() + 1, answer.missing());
      if (!fits || !contention.timeLeft()) {
        throw RedisFailure.contention();
      }
    } else if (reply instanceof AppendReply.Superseded) {
      superseded = true;
    } else if (reply instanceof AppendReply.Lost answer) {
      lost = answer.found();
    }
    return open;
  }

  private static List<Pending<?>> without(List<Pending<?>> open, Pending<?> one) {
    List<Pending<?>> rest = new ArrayList<>(open);
    rest.remove(one);
    return rest;
  }

  private static <R> Decided<R> decide(Pending<R> pending, RunReplica working, Batch batch) {
    RunReplica.Decision<R> decision = working.decide(pending.command, batch.now());
    return new Decided<>(pending, decision, batch.add(decision));
  }

  @SuppressWarnings("unchecked") // a refusal has no result
  private static <R> void refuse(Pending<R> pending) {
    pending.answer((Applied<R>) SUPERSEDED);
  }

  /** A command, what was decided, and the number of its fence in the batch. */
  private record Decided<R>(Pending<R> pending, RunReplica.Decision<R> decision, int fence) {

    void settle(Set<Integer> stale) {
      pending.answer(stale.contains(fence) ? decision.fenced() : decision.applied());
    }

    /** Answers a command that needs a fence which does not hold; returns whether it does. */
    boolean fenced(Set<Integer> stale) {
      boolean refused = stale.contains(fence) && !decision.countsAnyway();
      if (refused) {
        pending.answer(decision.fenced());
      }
      return refused;
    }
  }
}
