// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A queue of entries in the order of their sequences in which one is found by its sequence. Grows
 * as needed, never shrinks. Guarded by its owner's lock.
 */
final class EntryRing {
  private @Nullable LogEntry[] slots;
  private int head;
  private int size;

  /** Makes an empty ring; the capacity it begins with is a power of two. */
  EntryRing(int capacity) {
    slots = new LogEntry[capacity];
  }

  int size() {
    return size;
  }

  void add(LogEntry entry) {
    if (size == slots.length) {
      @Nullable LogEntry[] larger = Arrays.copyOfRange(slots, head, head + 2 * size);
      System.arraycopy(slots, 0, larger, size - head, head);
      slots = larger;
      head = 0;
    }
    slots[(head + size) & (slots.length - 1)] = entry;
    size++;
  }

  void removeFirst() {
    slots[head] = null;
    head = (head + 1) & (slots.length - 1);
    size--;
  }

  LogEntry get(int index) {
    return requireNonNull(slots[(head + index) & (slots.length - 1)]);
  }

  /** The entries of two rings in the order of their sequences. */
  static LogEntry[] inOrder(EntryRing a, EntryRing b) {
    var all = new LogEntry[a.size + b.size];
    int fromA = 0;
    int fromB = 0;
    for (int i = 0; i < all.length; i++) {
      boolean takeA =
          fromB == b.size || (fromA < a.size && a.get(fromA).sequence() < b.get(fromB).sequence());
      all[i] = takeA ? a.get(fromA++) : b.get(fromB++);
    }
    return all;
  }

  /** The first entry after a sequence. */
  @Nullable LogEntry after(long sequence) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle).sequence() <= sequence) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < size ? get(low) : null;
  }
}
