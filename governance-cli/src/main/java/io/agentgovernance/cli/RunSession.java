// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.StopReport;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run from its start to its files. Follows its events, so that they are on disk as they happen;
 * an interrupt stops the run and what it has is written all the same. For one use.
 */
final class RunSession {
  private static final Duration TICK = Duration.ofMillis(100);

  private final Supplier<Orchestration> beginning;
  private final RunFolder folder;
  private final Timeline timeline;
  private final Interrupts interrupts;
  private boolean interrupted;

  RunSession(
      Supplier<Orchestration> beginning,
      RunFolder folder,
      Timeline timeline,
      Interrupts interrupts) {
    this.beginning = beginning;
    this.folder = folder;
    this.timeline = timeline;
    this.interrupts = interrupts;
  }

  /** Stops the run when it is told to, also if that is before the run has begun. Thread safe. */
  private static final class Stopper implements Runnable {
    private volatile @Nullable Orchestration run;
    private volatile boolean asked;

    @Override
    public void run() {
      asked = true;
      stop(run);
    }

    void watch(Orchestration started) {
      run = started;
      if (asked) {
        stop(started);
      }
    }

    private static void stop(@Nullable Orchestration run) {
      if (run != null) {
        StopReport unused = run.stop("interrupted");
      }
    }
  }

  /** Blocks until the run has ended or rests, and its files are written. */
  OrchestrationResult run() {
    Stopper stopper = new Stopper();
    Interrupts.Registration registration = interrupts.onInterrupt(stopper);
    try {
      Orchestration run = beginning.get();
      folder.open();
      stopper.watch(run);
      OrchestrationResult result = follow(run);
      folder.finish(result);
      result.warnings().forEach(timeline::warn);
      String problem = folder.problem();
      if (problem != null) {
        timeline.warn(problem);
      }
      timeline.end();
      return result;
    } finally {
      registration.close();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private OrchestrationResult follow(Orchestration run) {
    try (EventStream events = run.events(0)) {
      boolean atRest = false;
      while (!events.ended()) {
        Optional<Event> next = events.next(TICK);
        if (next.isPresent()) {
          folder.append(next.get());
          timeline.show(next.get());
        } else if (atRest) {
          break;
        } else {
          // A run that rests has no last event; one more look gets what came meanwhile.
          atRest = run.await(Duration.ZERO).isPresent();
          timeline.tick(Instant.now());
        }
      }
      if (events.dropped() > 0) {
        timeline.warn(events.dropped() + " events came too fast and are not in events.jsonl");
      }
      return run.await();
    } catch (InterruptedException e) {
      interrupted = true;
      StopReport unused = run.stop("interrupted");
      return run.completion().join();
    }
  }
}
