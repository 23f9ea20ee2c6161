// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** What an agent is told of its budget and its plan; the first thousand. Thread safe. */
final class Notices {
  private static final int MAX = 1_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final List<String> texts = new ArrayList<>(0); // guarded by the lock
  private final Set<Long> messages = new HashSet<>(0); // guarded by the lock

  void add(String text) {
    lock.lock();
    try {
      if (texts.size() < MAX) {
        texts.add(text);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Adds what a message says, unless that was done. */
  void addOnce(long sequence, String text) {
    lock.lock();
    try {
      if (texts.size() < MAX && messages.add(sequence)) {
        texts.add(text);
      }
    } finally {
      lock.unlock();
    }
  }

  List<String> all() {
    lock.lock();
    try {
      return List.copyOf(texts);
    } finally {
      lock.unlock();
    }
  }
}
