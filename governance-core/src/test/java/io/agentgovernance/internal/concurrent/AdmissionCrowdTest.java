// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Twenty thousand runs at once. */
class AdmissionCrowdTest {

  @Test
  void everyRunOfACrowdIsAdmittedOnceAndThePermitsAddUp() throws Exception {
    int pool = 7;
    int submitters = 4;
    int runsEach = 5_000;
    var threads =
        new AgentThreads(
            Workers.platform(pool),
            TimeSource.system(),
            ContextPropagator.none(),
            new AgentThreads.Limits(submitters * runsEach, 1));
    var bodies = new AtomicInteger();
    var mostBodies = new AtomicInteger();
    var problems = new ConcurrentLinkedQueue<Throwable>();
    var done = new CountDownLatch(submitters * runsEach);
    var expectedBodies = new AtomicInteger();
    var ranBodies = new AtomicInteger();
    Consumer<Admission> work =
        run -> {
          var left = new AtomicInteger(run.threads());
          for (int i = 0; i < run.threads(); i++) {
            AgentTask task =
                run.start(
                    "agent",
                    () -> {
                      mostBodies.accumulateAndGet(bodies.incrementAndGet(), Math::max);
                      ranBodies.incrementAndGet();
                      bodies.decrementAndGet();
                    });
            task.onEnd(
                () -> {
                  if (left.decrementAndGet() == 0) {
                    run.release();
                    done.countDown();
                  }
                });
          }
        };
    var start = new CyclicBarrier(submitters);
    List<Thread> callers =
        IntStream.range(0, submitters)
            .mapToObj(
                seed ->
                    new Thread(
                        () -> {
                          var random = new Random(seed);
                          try {
                            start.await();
                            for (int i = 0; i < runsEach; i++) {
                              int size = 1 + random.nextInt(5);
                              expectedBodies.addAndGet(size);
                              threads.admit(size, work, AdmissionCrowdTest::neverRefused);
                            }
                          } catch (Throwable e) {
                            problems.add(e);
                          }
                        }))
            .toList();
    callers.forEach(Thread::start);
    for (Thread caller : callers) {
      caller.join();
    }

    assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
    assertThat(threads.awaitQuiet(Duration.ofSeconds(60))).isTrue();
    assertThat(problems).isEmpty();
    assertThat(ranBodies.get()).isEqualTo(expectedBodies.get());
    assertThat(mostBodies.get()).isBetween(1, pool);
    assertThat(threads.counters()).isEqualTo(new ThreadCounters(pool, pool, 0, 0, 0, 0));
    threads.close();
  }

  private static void neverRefused(AdmissionRefusedException refusal) {
    throw new AssertionError(refusal);
  }
}
