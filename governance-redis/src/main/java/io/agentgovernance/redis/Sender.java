// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunReplica;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the commands of all threads of this JVM and sends those that wait together, one batch at a
 * time. Thread safe.
 *
 * <p>One at a time has the turn: the caller who finds that nobody has it decides and sends; then
 * the batch has it until it is answered; then one of its callers takes the answer for all. A caller
 * waits for so long as a command may take and then leaves, whatever has become of its batch: a
 * batch without an answer is sent again with the same name, in the background, and nothing is
 * decided before it is known what became of it, or that nobody can tell.
 */
final class Sender {
  private static final Applied<Object> SUPERSEDED =
      Applied.refused(Applied.Status.FENCED, "SUPERSEDED");

  private final RunLog log;
  private final Replicas replicas;
  private final Executor helper;
  private final Consumer<Batch> accepted;
  private final Runnable unknown;
  private final SendQueue queue = new SendQueue();
  private volatile boolean superseded;
  private volatile @Nullable String lost;

  /**
   * Sends to a log.
   *
   * @param helper takes answers for which no caller waits any more
   * @param accepted is told of each batch that is in the log
   * @param unknown is told when it is not known whether a batch is
   */
  Sender(
      RunLog log, Replicas replicas, Executor helper, Consumer<Batch> accepted, Runnable unknown) {
    this.log = log;
    this.replicas = replicas;
    this.helper = helper;
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

  /**
   * Applies a command. Blocks for the answer, at most as long as a command may take.
   *
   * @throws CoordinationUnavailableException if there is none in time
   */
  <R> Applied<R> apply(Command<R> command) {
    Pending<R> mine = new Pending<>(command, log.limit());
    if (queue.add(mine)) {
      go(List.of());
    }
    Runnable work = mine.await();
    while (work != null) {
      work.run();
      work = mine.await();
    }
    if (mine.left()) {
      throw log.late(queue.remove(mine) ? RunLog.Late.NEVER_SENT : RunLog.Late.SENT);
    }
    return mine.result();
  }

  /** With the turn: decides and sends until a batch is on its way, or nothing is left. */
  private void go(List<Pending<?>> first) {
    List<Pending<?>> open = first;
    while (true) {
      if (open.isEmpty()) {
        open = queue.take();
      }
      if (open.isEmpty()) {
        return;
      }
      Flight flight = decided(open);
      open.forEach(Pending::wake);
      if (flight != null) {
        send(flight);
        return;
      }
      open = List.of();
    }
  }

  /** Decides each; answers those that nobody has to be asked about. Throws nothing. */
  private @Nullable Flight decided(List<Pending<?>> all) {
    try {
      List<Pending<?>> open = open(all);
      while (!open.isEmpty() && !gone()) {
        Flight flight = decide(open);
        if (flight != null) {
          return flight;
        }
        open = open(all);
      }
      open.forEach(this::turnAway);
    } catch (RuntimeException | Error e) {
      replicas.abandoned();
      failAll(all, e);
    }
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

  private static void failAll(List<Pending<?>> open, Throwable thrown) {
    RuntimeException failure =
        thrown instanceof RuntimeException known
            ? known
            : new IllegalStateException("the sender failed: " + thrown, thrown);
    for (Pending<?> pending : open) {
      if (!pending.answered()) {
        pending.fail(failure);
      }
    }
  }

  /** One decision of each; null if one of them could not be decided, which is told so. */
  private @Nullable Flight decide(List<Pending<?>> open) {
    Replicas.Start start = replicas.begin();
    Batch batch = new Batch(log.clock().now());
    List<Flight.Decided<?>> decided = new ArrayList<>(open.size());
    for (Pending<?> pending : open) {
      if (batch.full()) {
        queue.putBack(open, decided.size());
        break;
      }
      try {
        decided.add(decide(pending, start.working(), batch));
      } catch (RuntimeException e) { // its own mistake, not that of the others
        pending.fail(e);
        replicas.abandoned();
        return null;
      }
    }
    return new Flight(decided, batch, log.request(start, batch));
  }

  private static <R> Flight.Decided<R> decide(Pending<R> pending, RunReplica working, Batch batch) {
    RunReplica.Decision<R> decision = working.decide(pending.command, batch.now());
    return new Flight.Decided<>(pending, decision, batch.add(decision));
  }

  /** Sends a batch, which has the turn from now on. Does not wait. */
  private void send(Flight flight) {
    CompletionStage<AppendReply> reply;
    try {
      reply = log.append(flight.request());
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    var unused =
        reply.whenComplete(
            (answer, thrown) -> {
              flight.arrived(answer, thrown);
              Runnable work = () -> heard(flight);
              if (!flight.appoint(work)) {
                helper.execute(work);
              }
            });
  }

  /** With the turn: takes the answer to a batch, and goes on. */
  private void heard(Flight flight) {
    List<Pending<?>> rest;
    try {
      Throwable thrown = flight.thrown();
      if (thrown != null && sentAgain(flight, thrown)) {
        return;
      }
      rest = thrown == null ? taken(flight) : List.of();
    } catch (RuntimeException | Error e) {
      replicas.abandoned();
      failAll(flight.open(), e);
      rest = List.of();
    }
    int callers = flight.decided().size();
    flight.decided().forEach(one -> one.pending().wake());
    queue.answered(callers);
    go(rest);
  }

  /** Whether a batch without an answer is sent again; if not, its callers are told. */
  private boolean sentAgain(Flight flight, Throwable thrown) {
    RedisFailure failure = log.failure(thrown);
    OptionalLong pause = log.closed() ? OptionalLong.empty() : flight.attempts().pause(failure);
    if (pause.isPresent()) {
      log.later(() -> send(flight), pause.getAsLong());
      return true;
    }
    replicas.abandoned();
    failAll(flight.open(), log.unavailable(failure));
    unknown.run();
    return false;
  }

  /** Takes an answer; returns the commands that have to be decided again. */
  private List<Pending<?>> taken(Flight flight) {
    AppendReply reply = flight.reply();
    if (reply instanceof AppendReply.Accepted answer) {
      replicas.accepted(flight.batch().changes(), flight.request().name());
      flight.decided().forEach(one -> one.settle(answer.stale()));
      accepted.accept(flight.batch());
      return List.of();
    }
    replicas.abandoned();
    if (reply instanceof AppendReply.Fenced answer) {
      flight.decided().removeIf(one -> one.fenced(answer.stale()) && woken(one));
    } else if (reply instanceof AppendReply.Behind answer) {
      if (!replicas.add(flight.request().sequence() + 1, answer.missing())) {
        throw new IllegalStateException("changes are missing before those that were missing");
      }
    } else if (reply instanceof AppendReply.Superseded) {
      superseded = true;
    } else if (reply instanceof AppendReply.Lost answer) {
      lost = answer.found();
    }
    return flight.open();
  }

  private static boolean woken(Flight.Decided<?> one) {
    one.pending().wake();
    return true;
  }
}
