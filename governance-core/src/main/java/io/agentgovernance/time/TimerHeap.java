// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Timers in a binary heap, the one due first on top. Each knows its place, so that a cancelled one
 * is taken out at once. Not thread safe.
 */
final class TimerHeap {
  private static final int FIRST_CAPACITY = 16;

  private @Nullable SystemTimer[] slots = new SystemTimer[FIRST_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  /** The timer that is due first; null if there is none. */
  @Nullable SystemTimer first() {
    return slots[0];
  }

  void add(SystemTimer timer) {
    if (size == slots.length) {
      slots = Arrays.copyOf(slots, 2 * size);
    }
    size++;
    up(size - 1, timer);
  }

  /** Takes a timer out; false if it is not in. */
  boolean remove(SystemTimer timer) {
    int hole = timer.index;
    if (hole < 0) {
      return false;
    }
    timer.index = -1;
    size--;
    SystemTimer last = at(size);
    slots[size] = null;
    if (last != timer) {
      down(hole, last);
      if (slots[hole] == last) {
        up(hole, last);
      }
    }
    return true;
  }

  private void up(int from, SystemTimer timer) {
    int i = from;
    while (i > 0) {
      int parent = (i - 1) >>> 1;
      SystemTimer above = at(parent);
      if (!timer.dueBefore(above)) {
        break;
      }
      put(i, above);
      i = parent;
    }
    put(i, timer);
  }

  private void down(int from, SystemTimer timer) {
    int i = from;
    int child = 2 * i + 1;
    while (child < size) {
      if (child + 1 < size && at(child + 1).dueBefore(at(child))) {
        child++;
      }
      if (!at(child).dueBefore(timer)) {
        break;
      }
      put(i, at(child));
      i = child;
      child = 2 * i + 1;
    }
    put(i, timer);
  }

  private SystemTimer at(int i) {
    return requireNonNull(slots[i]);
  }

  private void put(int i, SystemTimer timer) {
    slots[i] = timer;
    timer.index = i;
  }
}
