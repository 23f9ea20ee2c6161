// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.policy.Denial;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The last denials of a run. Thread safe. */
final class Denials {
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Denial> last = new ArrayDeque<>(0);

  /** Takes over what an earlier process remembered. */
  void goOnFrom(List<Denial> before) {
    before.forEach(this::add);
  }

  void add(Denial denial) {
    lock.lock();
    try {
      if (last.size() == OrchestrationResult.MAX_DENIALS) {
        last.removeFirst();
      }
      last.addLast(denial);
    } finally {
      lock.unlock();
    }
  }

  List<Denial> all() {
    lock.lock();
    try {
      return List.copyOf(last);
    } finally {
      lock.unlock();
    }
  }
}
