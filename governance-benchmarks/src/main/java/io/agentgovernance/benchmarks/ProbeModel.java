// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A model that does as it is told and remembers what was asked of it. Thread safe. A call can be
 * interrupted, like one over HTTP.
 */
final class ProbeModel implements StubModel {

  private static final long QUIET_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Role, Plan> plans = new EnumMap<>(Role.class);
  private final Map<Role, Integer> started = new EnumMap<>(Role.class);
  private final List<Call> calls = new ArrayList<>();
  private int open;

  ProbeModel answers(Role role, Duration after) {
    plans.put(role, new Plan(after, 0));
    return this;
  }

  ProbeModel fails(Role role, Duration after) {
    return failsTimes(role, after, Integer.MAX_VALUE);
  }

  ProbeModel failsTimes(Role role, Duration after, int times) {
    plans.put(role, new Plan(after, times));
    return this;
  }

  @Override
  public String reply(Role role, String prompt) throws InterruptedException {
    Plan plan;
    int earlier;
    lock.lock();
    try {
      open++;
      plan = plans.getOrDefault(role, new Plan(Duration.ZERO, 0));
      earlier = started.merge(role, 1, Integer::sum) - 1;
    } finally {
      lock.unlock();
    }
    var end = End.INTERRUPTED;
    try {
      TimeUnit.NANOSECONDS.sleep(plan.delay.toNanos());
      end = earlier < plan.failures ? End.FAILED : End.ANSWERED;
    } finally {
      ended(new Call(role, end, System.nanoTime()));
    }
    if (end == End.FAILED) {
      throw new ModelFailure(role);
    }
    return role.name();
  }

  private void ended(Call call) {
    lock.lock();
    try {
      open--;
      calls.add(call);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no call is under way. */
  void awaitQuiet() throws InterruptedException {
    lock.lock();
    try {
      var left = QUIET_LIMIT_NANOS;
      while (open > 0) {
        if (left <= 0) {
          throw new IllegalStateException(
              "expected every model call to end but " + open + " are still under way");
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The calls that have ended, in the order in which they did. */
  List<Call> calls() {
    lock.lock();
    try {
      return List.copyOf(calls);
    } finally {
      lock.unlock();
    }
  }

  int calls(Role role) {
    return (int) calls().stream().filter(call -> call.role == role).count();
  }

  int interrupted() {
    return (int) calls().stream().filter(call -> call.end == End.INTERRUPTED).count();
  }

  /** How many calls were answered after the given reading of {@link System#nanoTime()}. */
  int answeredAfter(long nanos) {
    return (int)
        calls().stream()
            .filter(call -> call.end == End.ANSWERED && call.atNanos - nanos > 0)
            .count();
  }

  enum End {
    ANSWERED,
    FAILED,
    INTERRUPTED
  }

  record Call(Role role, End end, long atNanos) {}

  private record Plan(Duration delay, int failures) {}
}
