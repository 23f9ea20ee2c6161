// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import io.agentgovernance.secret.Redactor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/** The last values that were read for tools: they stay recognised for a while. Thread safe. */
final class Recognised implements AutoCloseable {
  static final int MAX = 1_024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Redactor.Registration> last = new ArrayDeque<>();

  boolean add(Redactor.Registration registration) {
    lock.lock();
    try {
      last.addLast(registration);
      if (last.size() > MAX) {
        last.removeFirst().close();
      }
    } finally {
      lock.unlock();
    }
    return true;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      last.forEach(Redactor.Registration::close);
      last.clear();
    } finally {
      lock.unlock();
    }
  }
}
