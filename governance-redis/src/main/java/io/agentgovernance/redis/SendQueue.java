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

  /** What is larger together is not for an event loop to see to, which all runs share. */
  private static final int LIGHT_CHARACTERS = 16 * 1024;

  /** Nothing is sent behind a batch that has been without an answer for so long. */
  private final Duration patience;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Pending<?>> waiting = new ArrayDeque<>();
  private final Deque<Flight> flights = new ArrayDeque<>();
  private boolean taken;

  /** Whether nothing more is sent until nothing is on its way. */
  private boolean held;

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

  /** Adds a command; returns whether the turn was taken to see to it. */
  boolean add(Pending<?> pending) {
    lock.lock();
    try {
      waiting.add(pending);
      return turn();
    } finally {
      lock.unlock();
    }
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

  /**
   * Whether a batch may leave. A second one does when it is no smaller than the first, of which
   * only who has the turn, or takes it, looks at what was decided.
   */
  private boolean open() {
    Flight first = flights.peek();
    return !waiting.isEmpty()
        && (first == null
            || (!held
                && flights.size() < MOST_FLIGHTS
                && waiting.size() >= first.decided().size()
                && !first.late(patience)));
  }

  /** With the turn: what is to be done next; nothing if the turn was given back. */
  Work next() {
    lock.lock();
    try {
      Flight landed = landed();
      if (landed != null) {
        return new Work(landed, List.of());
      }
      if (!open()) {
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

  /** Takes the earliest batch away, which is in the log. */
  void answered() {
    lock.lock();
    try {
      flights.remove();
      held &= !flights.isEmpty();
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
      held = !flights.isEmpty();
      return refused;
    } finally {
      lock.unlock();
    }
  }

  /** Whether what waits is little enough to be seen to by an event loop. */
  boolean light() {
    lock.lock();
    try {
      long characters = 0;
      for (Pending<?> pending : waiting) {
        characters += pending.text.length();
        if (characters > LIGHT_CHARACTERS) {
          return false;
        }
      }
      return true;
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
