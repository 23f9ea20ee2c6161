// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import static io.agentgovernance.internal.concurrent.AgentTaskTest.awaitStubbornly;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool of 4, of which 2 are replaced when abandoned. */
class AbandonedTaskTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final ThreadCounters AT_REST = new ThreadCounters(4, 4, 0, 0, 0, 0);

  private AgentThreads threads =
      new AgentThreads(
          Workers.platform(4),
          TimeSource.system(),
          ContextPropagator.none(),
          new AgentThreads.Limits(10, 2));
  private final List<CountDownLatch> finishing = new ArrayList<>();

  @AfterEach
  void close() {
    finishing.forEach(CountDownLatch::countDown);
    threads.close();
  }

  @Test
  void anAbandonedTaskIsReplacedAndTheAccountIsEvenInTheEnd() throws Exception {
    Admission run = admit(4);
    AgentTask stuck = stuck(run);
    var ended = onEnd(stuck);

    assertThat(stuck.abandon()).isTrue();
    assertThat(stuck.abandon()).isFalse();
    run.release();

    assertThat(stuck.abandoned()).isTrue();
    assertThat(stuck.ended()).isFalse();
    assertThat(threads.counters()).isEqualTo(new ThreadCounters(4, 4, 0, 0, 1, 1));
    finish(0, ended);
    assertThat(stuck.abandoned()).isTrue();
    assertThat(threads.counters()).isEqualTo(AT_REST);
  }

  @Test
  void anAbandonedTaskMakesRoomForAnotherOfItsRun() throws Exception {
    Admission run = admit(1);
    AgentTask stuck = stuck(run);
    var ended = onEnd(stuck);
    stuck.abandon();

    AgentTask successor = stuck(run);

    assertThat(threads.counters()).isEqualTo(new ThreadCounters(4, 3, 0, 1, 1, 1));
    finish(0, ended);
    finish(1, onEnd(successor));
    run.release();
    assertThat(threads.counters()).isEqualTo(AT_REST);
  }

  @Test
  void beyondTheLimitAnAbandonedTaskKeepsItsThreadAndRunsWait() throws Exception {
    Admission run = admit(4);
    List<AgentTask> stuck = List.of(stuck(run), stuck(run), stuck(run), stuck(run));
    var ended = stuck.stream().map(AbandonedTaskTest::onEnd).toList();
    stuck.forEach(AgentTask::abandon);
    run.release();
    assertThat(threads.counters()).isEqualTo(new ThreadCounters(4, 2, 0, 0, 4, 2));

    Admission small = admit(2);
    var bigAdmitted = new CountDownLatch(1);
    Admission big = threads.admit(4, run4 -> bigAdmitted.countDown(), refusal -> {});
    small.release();

    assertThat(big.admitted()).isFalse();
    finish(0, ended.get(0));
    assertThat(big.admitted()).as("a replaced thread ended: nothing is freed by that").isFalse();
    finish(2, ended.get(2));
    assertThat(threads.counters()).isEqualTo(new ThreadCounters(4, 3, 1, 0, 2, 1));
    finish(3, ended.get(3));
    assertThat(bigAdmitted.await(60, TimeUnit.SECONDS)).isTrue();
    big.release();
    finish(1, ended.get(1));
    assertThat(threads.counters()).isEqualTo(AT_REST);
  }

  @Test
  void abandoningAdmitsWhoWaitsForTheThread() throws Exception {
    Admission run = admit(4);
    AgentTask stuck = stuck(run);
    run.release();
    Admission waiting = admit(4);
    assertThat(waiting.admitted()).isFalse();

    stuck.abandon();

    assertThat(waiting.admitted()).isTrue();
  }

  @Test
  void nobodyWaitsForAnAbandonedTask() throws Exception {
    AgentTask stuck = stuck(admit(1));

    stuck.abandon();

    assertThat(threads.awaitQuiet(LONG)).isTrue();
  }

  @Test
  void anEndedTaskCannotBeAbandoned() throws Exception {
    AgentTask task = admit(1).start("alpha", () -> {});
    assertThat(threads.awaitQuiet(LONG)).isTrue();

    assertThat(task.abandon()).isFalse();

    assertThat(task.abandoned()).isFalse();
    assertThat(threads.counters().abandoned()).isZero();
  }

  @Test
  void aBodyAbandonedBeforeItBeginsNeverBegins() throws Exception {
    var held = new ArrayList<Runnable>();
    threads =
        new AgentThreads(
            Workers.executor(held::add, 4), TimeSource.system(), ContextPropagator.none());
    Admission run = admit(1);
    var ran = new AtomicBoolean();
    AgentTask task = run.start("alpha", () -> ran.set(true));

    task.abandon();
    run.release();
    var thread = new Thread(held.get(0));
    thread.start();
    thread.join();

    assertThat(ran).isFalse();
    assertThat(task.ended()).isTrue();
    assertThat(threads.counters()).isEqualTo(AT_REST);
  }

  @Test
  void theAccountIsEvenHoweverAbandoningEndingAndReleasingRace() throws Exception {
    var random = new Random(7);
    var rounds = 3_000;
    for (int round = 0; round < rounds; round++) {
      int size = 1 + random.nextInt(4);
      boolean releaseFirst = random.nextBoolean();
      Admission run = threads.admit(size, admitted -> {}, refusal -> {});
      var finish = new CountDownLatch(1);
      var ended = new CountDownLatch(size);
      var tasks = new ArrayList<AgentTask>();
      for (int i = 0; i < size; i++) {
        AgentTask task = run.start("agent", () -> awaitStubbornly(finish));
        task.onEnd(ended::countDown);
        tasks.add(task);
      }
      var abandoned = new AtomicInteger();
      var abandoner =
          new Thread(() -> tasks.forEach(t -> abandoned.addAndGet(t.abandon() ? 1 : 0)));
      abandoner.start();
      if (releaseFirst) {
        run.release();
      }
      finish.countDown();
      run.release();
      abandoner.join();

      assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(threads.awaitQuiet(LONG)).isTrue();
      assertThat(threads.counters()).as("round %s", round).isEqualTo(AT_REST);
      assertThat(tasks.stream().filter(AgentTask::abandoned)).hasSize(abandoned.get());
    }
  }

  private Admission admit(int size) {
    return threads.admit(size, run -> {}, refusal -> {});
  }

  /** Starts a task that ignores interruption until its latch is opened, and sees it begin. */
  private AgentTask stuck(Admission run) throws InterruptedException {
    var begun = new CountDownLatch(1);
    var finish = new CountDownLatch(1);
    finishing.add(finish);
    AgentTask task =
        run.start(
            "stuck",
            () -> {
              begun.countDown();
              awaitStubbornly(finish);
            });
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
    task.interrupt();
    return task;
  }

  private static CountDownLatch onEnd(AgentTask task) {
    var ended = new CountDownLatch(1);
    task.onEnd(ended::countDown);
    return ended;
  }

  /** The account is even once the callbacks run; who waits is admitted only after them. */
  private void finish(int index, CountDownLatch ended) throws InterruptedException {
    finishing.get(index).countDown();
    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
  }
}
