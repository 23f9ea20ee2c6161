// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.event.Event;
import io.agentgovernance.time.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;

/** Subscriptions of one log. */
abstract class Subscribed {
  final EventThreads threads = new EventThreads();

  /** Runs tasks when the test says so. */
  final Later later = new Later();

  final EventLog log = new EventLog(Changes.RUN, TimeSource.system(), later);
  final List<Event> heard = new ArrayList<>();

  @AfterEach
  void closeThreads() {
    threads.close();
  }

  static void append(EventLog log, int from, int to) {
    IntStream.rangeClosed(from, to).forEach(number -> log.append(Changes.note(number)));
  }

  static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static final class Later implements Executor {
    final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    boolean refusing;

    @Override
    public void execute(Runnable task) {
      if (refusing) {
        throw new RejectedExecutionException("full");
      }
      tasks.add(task);
    }

    void runNext() {
      tasks.remove().run();
    }

    void runAll() {
      while (!tasks.isEmpty()) {
        runNext();
      }
    }
  }
}
