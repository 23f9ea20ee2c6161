// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.spi.CoordinationUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the commands of all threads of this JVM and sends those that wait together, in batches of
 * which {@value SendQueue#MOST_FLIGHTS} may be on their way. Thread safe.
 *
 * <p>One at a time has the turn: who finds that nobody has it and that there is something to do
 * decides and sends, or takes the answer to the earliest batch for all its callers. Where an answer
 * arrives it is taken, on the event loop, and what waits is sent before anybody is woken; a
 * refusal, a failure and what is large are left to a caller. A batch is decided upon those that are
 * on their way; the script refuses it if one of them was refused, and then they are decided again
 * in their order. Callers are told when their batch and all before it are in the log.
 *
 * <p>A caller waits for so long as a command may take and then leaves, whatever has become of its
 * batch: a batch without an answer is sent again with the same name, in the background, and nothing
 * more is decided before it is known what became of it, or that nobody can tell.
 */
final class Sender {
  /** Which part of the time of a command the store may be silent before nothing more is sent. */
  private static final int PATIENCE = 4;

  private final RunLog log;
  private final Replicas replicas;
  private final Executor helper;
  private final Consumer<Batch> accepted;
  private final Runnable announce;
  private final Runnable unknown;
  private final SendQueue queue;
  private final Decider decider;

  /**
   * Sends to a log.
   *
   * @param helper takes answers for which no caller waits any more
   * @param accepted is told of each batch that is in the log
   * @param announce tells what is accepted; without the turn
   * @param unknown is told when it is not known whether a batch is
   */
  Sender(
      RunLog log,
      Replicas replicas,
      Executor helper,
      Consumer<Batch> accepted,
      Runnable announce,
      Runnable unknown) {
    this.log = log;
    this.queue = new SendQueue(log.limit().dividedBy(PATIENCE));
    this.decider = new Decider(log, replicas, queue);
    this.replicas = replicas;
    this.helper = helper;
    this.accepted = accepted;
    this.announce = announce;
    this.unknown = unknown;
  }

  /** Another store has the run now. */
  void supersede() {
    decider.supersede();
  }

  boolean superseded() {
    return decider.superseded();
  }

  /** Whether this store is of no use any more. */
  boolean gone() {
    return decider.gone();
  }

  /** The server has lost changes that this JVM knows. */
  void lose(String found) {
    decider.lose(found);
  }

  /**
   * Applies a command. Blocks for the answer, at most as long as a command may take.
   *
   * @throws CoordinationUnavailableException if there is none in time
   */
  <R> Applied<R> apply(Command<R> command) {
    Pending<R> mine = new Pending<>(command, log.limit());
    Runnable work = queue.add(mine) ? this::go : mine.await();
    while (work != null) {
      work.run();
      announce.run();
      work = mine.await();
    }
    if (mine.left()) {
      throw log.late(queue.remove(mine) ? RunLog.Late.NEVER_SENT : RunLog.Late.SENT);
    }
    return mine.result();
  }

  /** With the turn: does what there is to do, and gives the turn back or passes it on. */
  private void go() {
    work().forEach(Pending::wake);
  }

  /**
   * With the turn: takes answers, decides and sends, and gives the turn back or passes it on.
   *
   * @return who is to be told; they may come again at once, and then find the turn free
   */
  private List<Pending<?>> work() {
    List<Pending<?>> answered = new ArrayList<>();
    for (int sent = 0; sent < SendQueue.MOST_FLIGHTS; ) {
      SendQueue.Work work = queue.next();
      Flight landed = work.landed();
      if (landed != null) {
        heard(landed, answered);
      } else if (work.commands().isEmpty()) {
        return answered;
      } else {
        Flight flight = decider.decided(work.commands());
        answered.addAll(work.commands());
        if (flight != null) {
          queue.departs(flight);
          send(flight);
          sent++;
        }
      }
    }
    if (!queue.done()) {
      pass();
    }
    return answered;
  }

  /** Has another do what there is to do; the turn goes with it. */
  private void pass() {
    if (!queue.appoint(this::go)) {
      helper.execute(this::go);
    }
  }

  /** Sends a batch. Does not wait. */
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
              if (!queue.arrives(flight, answer, thrown)) {
                return;
              }
              if (light(answer)) {
                goHere();
              } else {
                pass();
              }
            });
  }

  /** Whether there is so little to do that the event loop may, which all runs share. */
  private boolean light(@Nullable AppendReply answer) {
    return answer instanceof AppendReply.Accepted && replicas.atHand() && queue.light();
  }

  /** The same on an event loop, which may not announce: each caller who is told does. */
  private void goHere() {
    boolean told = false;
    for (Pending<?> pending : work()) {
      told |= pending.wake();
    }
    if (!told) {
      helper.execute(announce);
    }
  }

  /** With the turn: takes the answer to the earliest batch. Throws nothing. */
  private void heard(Flight flight, List<Pending<?>> answered) {
    try {
      Throwable thrown = flight.thrown();
      AppendReply reply = flight.reply();
      if (thrown != null) {
        unanswered(flight, log.failure(thrown));
      } else if (reply instanceof AppendReply.Accepted answer) {
        flight.decided().forEach(one -> answered.add(one.pending()));
        accepted(flight, answer);
      } else if (reply instanceof AppendReply.Lost && flight.sent() == Flight.Place.BEHIND) {
        queue.departsAgain(flight); // it may have been there before the one it follows
        send(flight);
      } else {
        refused(flight, reply);
      }
    } catch (RuntimeException | Error e) {
      Decider.failAll(dropped(flight), e);
    }
  }

  private void accepted(Flight flight, AppendReply.Accepted answer) {
    replicas.accepted(flight.batch().changes(), flight.request().name());
    queue.answered();
    flight.decided().forEach(one -> one.settle(answer.stale()));
    accepted.accept(flight.batch());
  }

  /** Has a batch without an answer sent again; if there was enough of that, tells its callers. */
  private void unanswered(Flight flight, RedisFailure failure) {
    OptionalLong pause = log.closed() ? OptionalLong.empty() : flight.attempts().pause(failure);
    if (pause.isPresent()) {
      queue.departsAgain(flight);
      log.later(() -> send(flight), pause.getAsLong());
    } else {
      Decider.failAll(dropped(flight), log.unavailable(failure));
      unknown.run();
    }
  }

  /** Takes a refusal; what was refused is decided again, with what was decided upon it. */
  private void refused(Flight flight, @Nullable AppendReply reply) {
    if (reply instanceof AppendReply.Fenced answer) {
      flight.decided().removeIf(one -> one.fenced(answer.stale()) && woken(one));
    }
    List<Pending<?>> again = dropped(flight);
    try {
      if (reply instanceof AppendReply.Behind answer) {
        if (!replicas.add(flight.request().sequence() + 1, answer.missing())) {
          throw new IllegalStateException("changes are missing before those that were missing");
        }
      } else if (reply instanceof AppendReply.Superseded) {
        decider.supersede();
      } else if (reply instanceof AppendReply.Lost answer) {
        decider.lose(answer.found());
      }
      queue.putBack(again);
    } catch (RuntimeException | Error e) {
      Decider.failAll(again, e);
    }
  }

  /** Takes away the earliest batch and those decided upon it; returns who waits for them. */
  private List<Pending<?>> dropped(Flight flight) {
    List<Flight> dropped = queue.refused(flight);
    if (!dropped.isEmpty()) {
      replicas.abandoned(dropped.size());
    }
    List<Pending<?>> open = new ArrayList<>();
    dropped.forEach(each -> open.addAll(each.open()));
    return open;
  }

  private static boolean woken(Flight.Decided<?> one) {
    one.pending().wake();
    return true;
  }
}
