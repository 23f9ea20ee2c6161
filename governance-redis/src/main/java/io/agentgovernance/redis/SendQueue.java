// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The commands that wait to be sent, the batches that are on their way, and the turn to see to
 * them, which one thread has at a time. Thread safe.
 */
final class SendQueue {
  static final int MOST_COMMANDS = 256;

  /** How many batches may be on their way at once; the script remembers as many of each writer. */
  static final int MOST_FLIGHTS = 2;

  /** How long after an answer it is waited for callers who just had theirs and come again. */
  static final Duration GATHERING = Duration.ofNanos(150_000);

  /** Nothing is sent behind a batch that has been without an answer for so long. */
  private final Duration patience;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Pending<?>> waiting = new ArrayDeque<>();
  private final Deque<Flight> flights = new ArrayDeque<>();
  private boolean taken;

  /** Whether nothing more is sent until nothing is on its way. */
  private boolean held;

  /** How many commands are on their way. */
  private int sent;

  /** How many callers have just had their answer and may come again at once. */
  private int recent;

  /** When those who have not come again by then are not waited for. */
  private long until = System.nanoTime();

  /**
   * What there is to do.
   *
   * @param landed the earliest batch, if its answer is there
   * @param commands what is to be decided and sent, else
   */
  record Work(@Nullable Flight landed, List<Pending<?>> commands) {
    static final Work NONE = new Work(null, List.of());
  }

  SendQueue(Duration patience) {
    this.patience = patience;
  }

  /** What whoever adds a command does next. */
  enum Then {
    /** It has the turn. */
    SEND,
    /** It waits for others for a moment, and then asks whether it has the turn. */
    LINGER,
    /** It waits until it is answered, or asked to work. */
    WAIT
  }

  /** Adds a command. */
  Then add(Pending<?> pending) {
    lock.lock();
    try {
      waiting.add(pending);
      recent = Math.max(0, recent - 1);
      if (taken || !open()) {
        return Then.WAIT;
      }
      if (ready()) {
        taken = true;
        return Then.SEND;
      }
      return waiting.size() == 1 ? Then.LINGER : Then.WAIT;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the turn if nobody has it and there is something to do, or will be in a moment. */
  boolean retake() {
    lock.lock();
    try {
      return turn();
    } finally {
      lock.unlock();
    }
  }

  /** Whether enough have come: all who may at once, or half of all there are. */
  private boolean ready() {
    return recent == 0 || waiting.size() >= sent + recent || until - System.nanoTime() <= 0;
  }

  /** Takes a command out whose caller waits no more; false if it is not there any more. */
  boolean remove(Pending<?> pending) {
    lock.lock();
    try {
      return waiting.remove(pending);
    } finally {
      lock.unlock();
    }
  }

  /** Takes the turn if it is free and there is something to do. */
  private boolean turn() {
    boolean mine = !taken && (landed() != null || open());
    taken |= mine;
    return mine;
  }

  private @Nullable Flight landed() {
    Flight first = flights.peek();
    return first != null && first.arrived() ? first : null;
  }

  private boolean open() {
    Flight first = flights.peek();
    return !waiting.isEmpty()
        && (first == null || (!held && flights.size() < MOST_FLIGHTS && !first.late(patience)));
  }

  /** With the turn: what is to be done next; nothing if the turn was given back. */
  Work next() {
    lock.lock();
    try {
      Flight landed = landed();
      if (landed != null) {
        return new Work(landed, List.of());
      }
      if (!open() || !ready()) {
        taken = false;
        return Work.NONE;
      }
      List<Pending<?>> batch = new ArrayList<>(Math.min(waiting.size(), MOST_COMMANDS));
      while (batch.size() < MOST_COMMANDS && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      return new Work(null, batch);
    } finally {
      lock.unlock();
    }
  }

  /**
   * With the turn: lets those run for a moment who are about to come, if some have come already.
   */
  @SuppressWarnings("ThreadPriorityCheck") // whether it yields or not changes nothing but time
  void gather() {
    while (gathering()) {
      Thread.yield();
    }
  }

  private boolean gathering() {
    lock.lock();
    try {
      return landed() == null && open() && !ready();
    } finally {
      lock.unlock();
    }
  }

  /** With the turn: gives it back if there is nothing to do; else it has to be passed on. */
  boolean done() {
    lock.lock();
    try {
      taken = landed() != null || open();
      return !taken;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a batch that is about to be sent. */
  void departs(Flight flight) {
    lock.lock();
    try {
      flight.departs(flights.isEmpty() ? Flight.Place.FIRST : Flight.Place.BEHIND);
      flights.add(flight);
      sent += flight.size();
    } finally {
      lock.unlock();
    }
  }

  /** Has the earliest batch be sent again, and nothing more until nothing is on its way. */
  void departsAgain(Flight flight) {
    lock.lock();
    try {
      flight.departs(Flight.Place.FIRST);
      held = true;
    } finally {
      lock.unlock();
    }
  }

  /** Notes what an attempt came to; returns true if the turn was taken to see to it. */
  boolean arrives(Flight flight, @Nullable AppendReply answer, @Nullable Throwable thrown) {
    lock.lock();
    try {
      if (!flights.contains(flight)) {
        return false; // nobody asks any more
      }
      flight.arrives(answer, thrown);
      held |= thrown != null;
      return flights.peek() == flight && turn();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the earliest batch away, whose callers are about to be answered: they may come again at
   * once, and are then sent together.
   */
  void answered() {
    lock.lock();
    try {
      int callers = flights.remove().size();
      sent -= callers;
      held &= !flights.isEmpty();
      long now = System.nanoTime();
      recent = (until - now > 0 ? recent : 0) + callers - 1; // one of them has the turn
      until = now + GATHERING.toNanos();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the earliest batch away, which is not in the log, and those that were decided upon it.
   * Nothing more is sent until the others are answered.
   */
  List<Flight> refused(Flight flight) {
    lock.lock();
    try {
      List<Flight> refused = new ArrayList<>(MOST_FLIGHTS);
      if (flights.peek() != flight) {
        return refused;
      }
      refused.add(flights.remove());
      if (flight.changes()) {
        refused.addAll(flights);
        flights.clear();
      }
      refused.forEach(each -> sent -= each.size());
      held = !flights.isEmpty();
      return refused;
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing be sent until nothing is on its way. */
  void hold() {
    lock.lock();
    try {
      held = !flights.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Puts commands back to the front. */
  void putBack(List<Pending<?>> commands) {
    lock.lock();
    try {
      for (int i = commands.size() - 1; i >= 0; i--) {
        waiting.addFirst(commands.get(i));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has a caller who waits do something; false if there is none. */
  boolean appoint(Runnable work) {
    List<Pending<?>> callers;
    lock.lock();
    try {
      Flight landed = landed();
      if (landed != null && landed.appoint(work)) {
        return true;
      }
      callers = List.copyOf(waiting);
    } finally {
      lock.unlock();
    }
    return callers.stream().anyMatch(pending -> pending.appoint(work));
  }
}
