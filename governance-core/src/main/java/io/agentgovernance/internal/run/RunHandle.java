// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.event.EventStream;
import io.agentgovernance.event.Subscription;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** What a host holds of a run. Thread safe. */
final class RunHandle implements Orchestration {
  private static final Log log = Log.of(RunHandle.class);

  private final RunCoordinator coordinator;
  private final RunContext run;

  RunHandle(RunCoordinator coordinator) {
    this.coordinator = coordinator;
    this.run = coordinator.run();
  }

  @Override
  public RunId id() {
    return run.terms().run();
  }

  /** What was asked for: starting the id again must ask for the same. */
  RunRequest request() {
    return run.request();
  }

  RunCoordinator coordinator() {
    return coordinator;
  }

  @Override
  public PipelineStatus status() {
    return run.store().status();
  }

  @Override
  public OrchestrationResult await() throws InterruptedException {
    try {
      return coordinator.resting().rest().get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Optional<OrchestrationResult> await(Duration atMost) throws InterruptedException {
    return await(coordinator.resting().rest(), atMost);
  }

  private Optional<OrchestrationResult> await(
      CompletableFuture<OrchestrationResult> rest, Duration atMost) throws InterruptedException {
    TimeSource time = run.services().time();
    TimeSource.Waiter waiter = time.waiter();
    CompletableFuture<Void> signal = rest.thenRun(waiter::signal);
    try {
      if (!rest.isDone() && !waiter.await(atMost)) {
        return Optional.ofNullable(rest.getNow(null));
      }
      return Optional.ofNullable(rest.getNow(null));
    } finally {
      signal.cancel(false);
    }
  }

  @Override
  public CompletableFuture<OrchestrationResult> completion() {
    return coordinator.resting().completion();
  }

  @Override
  public Spend usage() {
    return completion().isDone() ? LateSpend.read(run) : run.store().spend();
  }

  @Override
  public CompletableFuture<Spend> settled() {
    return completion()
        .thenCompose(
            result -> run.spendWatch().settling().quiet().thenApply(quiet -> usageAfter(result)));
  }

  private Spend usageAfter(OrchestrationResult result) {
    try {
      return usage();
    } catch (GovernanceException e) {
      log.debug("run {}: what it spent cannot be read now", id(), e);
      return result.usage();
    }
  }

  @Override
  public EventStream events(long afterSequence) {
    return run.events().open(afterSequence);
  }

  @Override
  public Subscription subscribe(EventListener listener) {
    return run.events().subscribe(listener);
  }

  @Override
  public StopReport stop(String reason) {
    return stop("host", reason);
  }

  StopReport stop(String by, String reason) {
    StopConfirmation asked = stopNow(by, reason);
    asked.awaitStore();
    asked.awaitMemory(coordinator.stops().rememberStop());
    return asked.await();
  }

  /** Stops without waiting for confirmations. */
  StopConfirmation stopNow(String by, String reason) {
    return coordinator.stops().stop(by, reason, AgentStoppedException.Cause.STOPPED);
  }

  /** Says something to those who watch the run. */
  void announce(Command.Note note) {
    coordinator.announce(note);
  }

  /** The result once the run is over; empty if that takes longer. */
  Optional<OrchestrationResult> ended(Duration atMost) throws InterruptedException {
    return await(coordinator.resting().completion(), atMost);
  }

  List<ApprovalState> approvals() {
    return run.store().approvals();
  }

  Applied<ApprovalState> decide(Command.DecideApproval command) {
    Applied<ApprovalState> applied = run.store().apply(command);
    if (applied.accepted()) {
      coordinator.resting().goOn(); // whoever awaits from here on awaits what comes next
    }
    return applied;
  }

  @Override
  public String toString() {
    return "Orchestration[" + id() + "]";
  }
}
