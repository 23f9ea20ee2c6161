// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What a proxy does to its connections. Thread safe. */
final class FaultPlan {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<String> cuts = new ArrayDeque<>();
  private Duration delay = Duration.ZERO;
  private boolean held;
  private boolean refusing;
  private long cutAnswers;

  boolean refusing() {
    lock.lock();
    try {
      return refusing;
    } finally {
      lock.unlock();
    }
  }

  void refuse() {
    change(() -> refusing = true);
  }

  void hold() {
    change(() -> held = true);
  }

  void delay(Duration by) {
    change(() -> delay = by);
  }

  void cutAnswerTo(String text) {
    change(() -> cuts.addLast(text));
  }

  void heal() {
    change(
        () -> {
          refusing = false;
          held = false;
          delay = Duration.ZERO;
          cuts.clear();
        });
  }

  private void change(Runnable what) {
    lock.lock();
    try {
      what.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the answer to this request is to be cut. */
  boolean cuts(byte[] bytes, int length) {
    lock.lock();
    try {
      String text = cuts.peekFirst();
      if (text == null || !new String(bytes, 0, length, ISO_8859_1).contains(text)) {
        return false;
      }
      cuts.removeFirst();
      return true;
    } finally {
      lock.unlock();
    }
  }

  void answerWasCut() {
    change(() -> cutAnswers++);
  }

  long cutAnswers() {
    lock.lock();
    try {
      return cutAnswers;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for as long as nothing may pass. */
  void awaitPassage() throws InterruptedException {
    lock.lock();
    try {
      while (held) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for as long as answers are delayed. */
  void awaitDelay() throws InterruptedException {
    long since = System.nanoTime();
    lock.lock();
    try {
      long left = delay.toNanos();
      while (left > 0) {
        boolean unused = changed.await(left, TimeUnit.NANOSECONDS);
        left = delay.toNanos() - (System.nanoTime() - since);
      }
    } finally {
      lock.unlock();
    }
  }
}
