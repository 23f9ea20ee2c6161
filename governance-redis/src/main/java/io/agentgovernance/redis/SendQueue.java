// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The commands that wait to be sent, and the turn to send them, which one has at a time: a thread,
 * or a batch whose answer is awaited. Thread safe.
 */
final class SendQueue {
  static final int MOST_COMMANDS = 256;

  /** How long after an answer it is waited for callers who just had theirs and come again. */
  private static final Duration GATHERING = Duration.ofNanos(60_000);

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Pending<?>> waiting = new ArrayDeque<>();
  private boolean taken;
  private volatile int size;
  private volatile int expected;
  private volatile long until;

  /** Adds a command; returns true if the caller has the turn now. */
  boolean add(Pending<?> pending) {
    lock.lock();
    try {
      waiting.add(pending);
      size = waiting.size();
      boolean free = !taken;
      taken = true;
      return free;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a command out whose caller waits no more; false if it is not there any more. */
  boolean remove(Pending<?> pending) {
    lock.lock();
    try {
      boolean there = waiting.remove(pending);
      size = waiting.size();
      return there;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Notes that a batch was answered: its callers may come again at once, and are then sent
   * together. The caller is taken for one of them; it goes on with what waits, or comes again too.
   *
   * @param callers how many they are
   */
  void answered(int callers) {
    int others = size;
    expected = others == 0 ? callers : callers - 1 + others;
    until = System.nanoTime() + GATHERING.toNanos();
  }

  /** Takes what is sent together, or gives the turn back if there is nothing. */
  List<Pending<?>> take() {
    gather();
    lock.lock();
    try {
      List<Pending<?>> batch = new ArrayList<>(Math.min(waiting.size(), MOST_COMMANDS));
      while (batch.size() < MOST_COMMANDS && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      size = waiting.size();
      taken = !batch.isEmpty();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** Lets those run who are about to come, for a moment. */
  @SuppressWarnings("ThreadPriorityCheck") // whether it yields or not changes nothing but time
  private void gather() {
    while (size > 0 && size < expected && until - System.nanoTime() > 0) {
      Thread.yield();
    }
  }

  /** Puts back what does not fit: everything from a place on. */
  void putBack(List<Pending<?>> open, int from) {
    List<Pending<?>> rest = open.subList(from, open.size());
    lock.lock();
    try {
      for (int i = rest.size() - 1; i >= 0; i--) {
        waiting.addFirst(rest.get(i));
      }
      size = waiting.size();
    } finally {
      lock.unlock();
    }
    rest.clear();
  }
}
