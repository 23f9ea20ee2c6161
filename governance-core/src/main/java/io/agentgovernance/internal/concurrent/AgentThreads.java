// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.AdmissionRefusedException.Reason;
import io.agentgovernance.BadInputException;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.ContextPropagator;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The threads of one orchestrator: admits runs and runs their tasks. Thread safe; only {@link
 * #awaitQuiet} blocks.
 *
 * <p>A run asks for all the threads it may ever need at once, one per agent and one for itself, and
 * is admitted only when all are free. So no two runs can each hold half a team and wait for the
 * rest. Admission is strictly first come, first served: a small run never overtakes a big one.
 */
public final class AgentThreads implements AutoCloseable {

  /** How many runs may wait for threads. */
  public static final int DEFAULT_MAX_QUEUED = 10_000;

  private static final Log log = Log.of(AgentThreads.class);

  /**
   * What is bounded besides the threads.
   *
   * @param maxQueued how many runs may wait; 0 or more
   * @param maxAbandoned how many threads that ignore interruption are replaced; 0 or more
   */
  public record Limits(int maxQueued, int maxAbandoned) {

    /** Checks both. */
    public Limits {
      if (maxQueued < 0 || maxAbandoned < 0) {
        throw new BadInputException(
            "limits of agent threads",
            "maxQueued " + maxQueued + ", maxAbandoned " + maxAbandoned,
            "neither below 0",
            "Give 0 to have none");
      }
    }

    /** Returns the defaults: 10,000 waiting runs, and half of the threads, at least one. */
    public static Limits of(Workers workers) {
      return new Limits(DEFAULT_MAX_QUEUED, Math.max(1, workers.maxThreads() / 2));
    }
  }

  private final Workers.Crew crew;
  private final TimeSource time;
  private final ContextPropagator propagator;
  private final PermitBook book;
  private final Set<Thread> admitting = ConcurrentHashMap.newKeySet();

  /** Makes threads with the default limits. */
  public AgentThreads(Workers workers, TimeSource time, ContextPropagator propagator) {
    this(workers, time, propagator, Limits.of(workers));
  }

  /** Makes threads: none yet, they are started with the tasks. */
  public AgentThreads(
      Workers workers, TimeSource time, ContextPropagator propagator, Limits limits) {
    this.time = requireNonNull(time, "time");
    this.propagator = requireNonNull(propagator, "propagator");
    this.book = new PermitBook(workers.maxThreads(), limits.maxQueued(), limits.maxAbandoned());
    this.crew = workers.open();
    log.info("agents run on {}", workers);
  }

  /**
   * Asks for threads. Does not wait for them.
   *
   * @param threads how many tasks of the run may run at once: the team, and one for the run itself
   * @param whenAdmitted called once the run has its threads: before this method returns, on this
   *     thread, if they are free; else on the thread that frees them. Must not block. If it throws,
   *     that is logged and the threads are given back
   * @param whenRefused called instead, if the threads are closed while the run waits
   * @throws AdmissionRefusedException if there are not so many threads at all, if too many runs
   *     wait already, or if closed; no callback is called then
   */
  public Admission admit(
      int threads,
      Consumer<Admission> whenAdmitted,
      Consumer<AdmissionRefusedException> whenRefused) {
    if (threads < 1) {
      throw new BadInputException(
          "threads of a run",
          String.valueOf(threads),
          "at least 1",
          "Ask for one thread per agent and one for the run");
    }
    var admission =
        new Admission(
            this,
            threads,
            requireNonNull(whenAdmitted, "whenAdmitted"),
            requireNonNull(whenRefused, "whenRefused"));
    if (book.enter(admission)) {
      admission.tellAdmitted();
    }
    return admission;
  }

  /**
   * Refuses what {@link #admit} would refuse now, so that nothing of a run has to be undone.
   *
   * @throws AdmissionRefusedException as {@link #admit} does
   */
  public void refuseUnlessRoom(int threads) {
    book.refuseUnlessRoom(threads);
  }

  /** Returns how the threads stand: one consistent moment, past when you read it. */
  public ThreadCounters counters() {
    return book.counters();
  }

  /**
   * Waits until no task is left but abandoned ones, and their callbacks have been called. A task
   * must not call it.
   *
   * @param atMost how long to wait, by the time source
   * @return false if the limit has passed
   * @throws InterruptedException if the calling thread is interrupted
   */
  public boolean awaitQuiet(Duration atMost) throws InterruptedException {
    TimeSource.Waiter waiter = time.waiter();
    if (!book.waitForQuiet(waiter)) {
      return true;
    }
    try {
      return waiter.await(atMost) || book.isQuiet();
    } finally {
      book.noLongerWaiting(waiter);
    }
  }

  /**
   * Admits and starts nothing any more, refuses the runs that wait, and interrupts every task. Does
   * not wait for them: see {@link #awaitQuiet}. Further calls interrupt again.
   */
  @Override
  public void close() {
    AdmissionRefusedException refusal = PermitBook.closedException();
    for (Admission waiting : book.close()) {
      waiting.tellRefused(refusal);
    }
    book.live().forEach(AgentTask::interrupt);
    crew.close();
  }

  AgentTask start(Admission admission, String name, Runnable body) {
    requireNonNull(body, "body");
    Runnable inContext = requireNonNull(propagator.wrap(body), "propagator.wrap(task)");
    TimeSource.Task mark = time.startTask(requireNonNull(name, "name"));
    var task = new AgentTask(this, admission, name, inContext, mark);
    try {
      book.begin(task);
    } catch (RuntimeException e) {
      mark.ended();
      throw e;
    }
    handOver(task);
    return task;
  }

  private void handOver(AgentTask task) {
    var submission = new Submission(task, Thread.currentThread());
    try {
      crew.execute(() -> submission.run(time));
      submission.submitted();
    } catch (RejectedExecutionException e) {
      task.neverRan();
      if (book.isClosed()) {
        throw PermitBook.closedException();
      }
      throw new AdmissionRefusedException(
          Reason.EXECUTOR_REFUSED,
          "start of task '%s': the executor took no task: %s. Give Workers an executor with threads to spare and keep it open."
              .formatted(task.name(), e.getMessage()),
          e);
    } catch (Throwable e) {
      task.neverRan();
      throw e;
    }
  }

  PermitBook book() {
    return book;
  }

  /**
   * Tells waiting runs that they are admitted, as long as there are permits. A callback that frees
   * permits again leaves the telling to the loop it was called from: the stack stays flat.
   */
  void admitWaiting() {
    Thread self = Thread.currentThread();
    if (!admitting.add(self)) {
      return;
    }
    try {
      for (Admission next = book.grantNext(); next != null; next = book.grantNext()) {
        next.tellAdmitted();
      }
    } finally {
      admitting.remove(self);
    }
  }

  void forget(AgentTask task) {
    book.forget(task).forEach(TimeSource.Waiter::signal);
  }

  /** A task on its way to its thread; notices when that is the submitting one. */
  private static final class Submission {
    private final AgentTask task;
    private final Thread submitter;
    private volatile boolean inHand = true;

    Submission(AgentTask task, Thread submitter) {
      this.task = task;
      this.submitter = submitter;
    }

    void submitted() {
      inHand = false;
    }

    void run(TimeSource time) {
      if (inHand && Thread.currentThread() == submitter) {
        throw new RejectedExecutionException("it runs tasks on the thread that submits them");
      }
      task.run(time);
    }
  }
}
