// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.event.EventStream;
import io.agentgovernance.event.Subscription;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A run that was started. Thread safe. */
public interface Orchestration {

  /** The run's id. */
  RunId id();

  /** The run's status now. */
  PipelineStatus status();

  /**
   * Blocks until the run has ended or rests until a person decides, which is at the latest when its
   * active time is over. Interrupting the caller does not stop the run.
   *
   * @throws InterruptedException if the caller is interrupted
   */
  OrchestrationResult await() throws InterruptedException;

  /** The same for at most {@code atMost}; empty if the run is still going on. */
  Optional<OrchestrationResult> await(Duration atMost) throws InterruptedException;

  /** Completes with the result when the run has ended. Cancelling it does not stop the run. */
  CompletableFuture<OrchestrationResult> completion();

  /**
   * What the run has spent by now, also after its end. A call whose end nobody saw, such as one
   * that a stop cut off, is in it as an estimate until its provider has told what it took; {@link
   * Spend#exact()} says whether there are any. The usage in a result is that of its moment.
   *
   * @throws io.agentgovernance.GovernanceException if a coordination store outside of the JVM does
   *     not answer
   */
  Spend usage();

  /**
   * Completes with what the run spent, when it has ended and nothing more can be learned of its
   * cost: with the result if no call was cut off, else when the providers have been asked, half a
   * minute later at the latest, or when the orchestrator is closed. What is an estimate then stays
   * one. Calls that an agent made in another process are that process's to ask for. Cancelling it
   * does nothing to the run.
   */
  CompletableFuture<Spend> settled();

  /** The events after a sequence, 0 for all: those that were, then those to come. */
  EventStream events(long afterSequence);

  /**
   * Pushes events from now on to {@code listener}, on threads of the library, one at a time and in
   * order. A listener that is too slow loses events, never the terminal one.
   *
   * @return ends the subscription
   */
  Subscription subscribe(EventListener listener);

  /**
   * Stops the run: nothing an agent does after this call returns is accepted. Takes effect at once,
   * whatever the ledger says; then waits at most 5 s for the agents' threads to end.
   */
  StopReport stop(String reason);
}
