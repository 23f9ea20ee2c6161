// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where calls of a store meet the fault a test injected. Thread safe.
 *
 * @param <C> what calls are told apart by
 */
final class FaultGate<C> {
  static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

  private final TimeSource time;
  private final BiFunction<String, @Nullable Throwable, RuntimeException> failure;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Held> held = new ArrayList<>();
  private @Nullable Injected<C> injected;
  private long hits;

  FaultGate(TimeSource time, BiFunction<String, @Nullable Throwable, RuntimeException> failure) {
    this.time = requireNonNull(time, "time");
    this.failure = failure;
  }

  private static final class Injected<C> {
    private final StoreFault fault;
    private final Predicate<C> on;
    private int left;

    Injected(StoreFault fault, Predicate<C> on, int times) {
      this.fault = fault;
      this.on = on;
      this.left = times;
    }
  }

  private static final class Held {
    private final TimeSource.Waiter waiter;
    private volatile boolean released;

    Held(TimeSource time) {
      this.waiter = time.waiter();
    }

    void release() {
      released = true;
      waiter.signal();
    }
  }

  void inject(StoreFault fault, Predicate<C> on, int times) {
    requireNonNull(fault, "fault");
    if (times < 1) {
      throw new IllegalArgumentException("times must be >= 1 but was " + times);
    }
    lock.lock();
    try {
      injected = new Injected<>(fault, on, times);
    } finally {
      lock.unlock();
    }
  }

  void heal() {
    lock.lock();
    try {
      injected = null;
    } finally {
      lock.unlock();
    }
    releaseHung();
  }

  void releaseHung() {
    List<Held> all;
    lock.lock();
    try {
      all = new ArrayList<>(held);
    } finally {
      lock.unlock();
    }
    all.forEach(Held::release);
  }

  int hung() {
    lock.lock();
    try {
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  long hits() {
    lock.lock();
    try {
      return hits;
    } finally {
      lock.unlock();
    }
  }

  /** Calls the real store, with the fault in the way if there is one for this call. */
  <T> T pass(C call, String what, Supplier<T> real) {
    Held hanging = null;
    StoreFault fault;
    lock.lock();
    try {
      fault = take(call);
      if (fault instanceof StoreFault.Hang) {
        hanging = new Held(time);
        held.add(hanging);
      }
    } finally {
      lock.unlock();
    }
    if (fault instanceof StoreFault.Unavailable) {
      throw failure.apply("injected: the store does not answer " + what, null);
    } else if (fault instanceof StoreFault.Slow slow) {
      delay(slow.delay());
    } else if (hanging != null) {
      hang(hanging, what);
    }
    T answer = real.get();
    if (fault instanceof StoreFault.LostAnswer) {
      throw failure.apply("injected: the answer to " + what + " is lost", null);
    }
    return answer;
  }

  private @Nullable StoreFault take(C call) {
    Injected<C> current = injected;
    if (current == null || !current.on.test(call)) {
      return null;
    }
    hits++;
    if (current.left != Integer.MAX_VALUE && --current.left == 0) {
      injected = null;
    }
    return current.fault;
  }

  private void delay(Duration delay) {
    TimeSource.Waiter waiter = time.waiter();
    long since = time.ticks();
    boolean interrupted = false;
    while (true) {
      Duration left = delay.minusNanos(time.ticks() - since);
      if (left.isNegative() || left.isZero()) {
        break;
      }
      try {
        waiter.await(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void hang(Held hanging, String what) {
    try {
      while (!hanging.released) {
        hanging.waiter.await(FOREVER);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure.apply("injected: interrupted while the store hangs in " + what, e);
    } finally {
      lock.lock();
      try {
        held.remove(hanging);
      } finally {
        lock.unlock();
      }
    }
  }
}
