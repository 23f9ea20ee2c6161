// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.spi.StateLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Threads that write to a run, each its own key, until they are told to end. What got no answer is
 * written again with the same id, as the library does.
 */
final class Load implements AutoCloseable {
  private final RunStore store;
  private final TestRun.Agent agent;
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final AtomicLong unavailable = new AtomicLong();
  private final AtomicLong longest = new AtomicLong();
  private final AtomicReference<StateLostException> lost = new AtomicReference<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  private Load(RunStore store, TestRun.Agent agent) {
    this.store = store;
    this.agent = agent;
  }

  static Load on(RunStore store, TestRun.Agent agent, int writers) {
    Load load = new Load(store, agent);
    for (int i = 0; i < writers; i++) {
      int number = i;
      Thread thread = new Thread(() -> load.write(number), "load-" + i);
      thread.setDaemon(true);
      load.threads.add(thread);
      thread.start();
    }
    return load;
  }

  private void write(int number) {
    for (int i = 0; !ended.get(); i++) {
      String id = agent.token() + "/" + number + "-" + i; // of the run, not of the agent
      boolean answered = false;
      while (!answered) {
        long begun = System.nanoTime();
        try {
          Applied<?> answer = store.apply(agent.write(id, "key" + number));
          answered = true;
          (answer.accepted() ? acknowledged : refused).add(id);
        } catch (CoordinationUnavailableException e) {
          unavailable.incrementAndGet();
          answered = ended.get();
        } catch (StateLostException e) {
          lost.set(e);
          return;
        } finally {
          longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
        }
      }
    }
  }

  /** How many writes were acknowledged. */
  int acknowledged() {
    return acknowledged.size();
  }

  /** How many were answered with a refusal. */
  int refused() {
    return refused.size();
  }

  /** How many calls ended without an answer. */
  long unavailable() {
    return unavailable.get();
  }

  /** How long the longest call took. */
  Duration longest() {
    return Duration.ofNanos(longest.get());
  }

  /** What the store said when it found that its server had lost changes, if it did. */
  Optional<StateLostException> lost() {
    return Optional.ofNullable(lost.get());
  }

  /** Waits until so many more writes are acknowledged, or the store says that changes are lost. */
  void awaitMore(int count) {
    int before = acknowledged();
    Trial.await(
        count + " more writes", () -> acknowledged() >= before + count || lost.get() != null);
  }

  /** The sum of the versions, which is the number of writes that took effect. */
  static long versions(RunStore store) {
    return store.entries("key").stream().mapToLong(entry -> entry.version()).sum();
  }

  /** Lets the threads end, and waits for them. */
  @Override
  public void close() {
    ended.set(true);
    for (Thread thread : threads) {
      try {
        thread.join(Trial.PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (thread.isAlive()) {
        throw new AssertionError(thread + " does not end");
      }
    }
  }
}
