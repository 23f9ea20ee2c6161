// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The questions of a run that wait for a person, and the agents that wait for the answers. Confined
 * to the coordinator's tasks, but for {@link #anyPending}.
 */
final class ApprovalDesk {
  private static final Log log = Log.of(ApprovalDesk.class);

  private final RunCoordinator run;
  private final Map<String, ApprovalRequest> pending = new LinkedHashMap<>(1);
  private final Map<String, TimeSource.Timer> timers = new HashMap<>(1);
  private final Set<String> announced = new HashSet<>(1);
  private final List<AgentRunner> parked = new ArrayList<>(1);
  private volatile boolean anyPending;

  ApprovalDesk(RunCoordinator run) {
    this.run = run;
  }

  boolean anyPending() {
    return anyPending;
  }

  List<ApprovalRequest> pending() {
    return List.copyOf(pending.values());
  }

  /** A question was asked: time stands still until it is answered. */
  void requested(ApprovalRequest request) {
    if (run.isOver() || pending.putIfAbsent(request.id(), request) != null) {
      return;
    }
    anyPending = true;
    run.run().active().stop();
    run.run().stuck().pause();
    Duration left = Duration.between(run.run().now(), request.expiresAt());
    timers.put(
        request.id(),
        run.run().services().control().after(left, () -> run.post(() -> expire(request.id()))));
    Approver approver = run.run().services().approver();
    if (approver == null) {
      announced.add(request.id());
      return;
    }
    TimeSource time = run.run().services().time();
    time.taskStarted(); // a time source moved by hand stands still until the person was told
    boolean taken = false;
    try {
      run.run()
          .services()
          .eventThreads()
          .execute(
              () -> {
                try {
                  announce(approver, request);
                } finally {
                  time.taskEnded();
                }
              });
      taken = true;
    } finally {
      if (!taken) {
        time.taskEnded();
      }
    }
  }

  private void announce(Approver approver, ApprovalRequest request) {
    try {
      approver.requested(request, run.run().services().approvals());
    } catch (RuntimeException e) {
      log.warn(
          "approver {} failed; the request waits until it expires",
          approver.getClass().getName(),
          e);
    }
    run.post(
        () -> {
          announced.add(request.id());
          run.course().lookForRest();
        });
  }

  private void expire(String id) {
    if (pending.containsKey(id)
        && !run.run().store().apply(new Command.ExpireApproval(id)).accepted()) {
      log.debug("approval {} did not expire", id);
    }
  }

  /** A question was answered, or its time is over. */
  void decided(ApprovalState state) {
    String id = state.request().id();
    if (pending.remove(id) == null) {
      return;
    }
    TimeSource.Timer timer = timers.remove(id);
    if (timer != null) {
      timer.cancel();
    }
    anyPending = !pending.isEmpty();
    run.run()
        .evidence()
        .note(
            state.request().agent(),
            LedgerTypes.APPROVAL,
            id + "/" + state.state(),
            RunNotes.decided(state));
    if (run.isOver()) {
      return;
    }
    run.run().stuck().unpause();
    if (pending.isEmpty()) {
      run.run().active().start();
      run.agents().forEach(AgentRunner::wake); // their waits go on with the time
    }
    run.course().goOn();
  }

  /** An agent has left its thread to wait. */
  void suspended(AgentRunner agent) {
    parked.add(agent);
    if (waits(agent)) {
      run.course().lookForRest();
    } else {
      run.course().goOn();
    }
  }

  private boolean waits(AgentRunner agent) {
    return pending.values().stream().anyMatch(request -> request.agent().equals(agent.id()));
  }

  /** Gives the agents whose questions are answered a thread again. */
  void restart() {
    for (AgentRunner agent : List.copyOf(parked)) {
      if (!waits(agent)) {
        parked.remove(agent);
        if (isWaiting(agent)) {
          run.run()
              .store()
              .apply(
                  new Command.SetAgentStatus(agent.id(), agent.fence(), AgentStatus.RUNNING, ""));
        }
        run.members().start(agent);
      }
    }
  }

  private boolean isWaiting(AgentRunner agent) {
    return run.run()
        .store()
        .agent(agent.id())
        .filter(state -> state.status() == AgentStatus.WAITING)
        .isPresent();
  }

  /** Keeps an agent that has no thread yet until the run has its threads again. */
  void park(AgentRunner agent) {
    agent.standing().rest();
    parked.add(agent);
  }

  /** Whether each agent that has not ended waits for a person. */
  boolean allWait() {
    return run.agents().stream().allMatch(agent -> agent.ended() || waits(agent));
  }

  /** Whether nothing can happen until a person decides. */
  boolean atRest() {
    return !pending.isEmpty()
        && announced.containsAll(pending.keySet())
        && !anyDecided()
        && run.agents().stream()
            .allMatch(
                agent ->
                    agent.ended()
                        || agent.waiting()
                        || parked.contains(agent)
                        || (agent.away() && agent.suspended()));
  }

  /** Whether a question was answered that this desk has not been told of. */
  private boolean anyDecided() {
    return run.run().store().approvals().stream()
        .anyMatch(
            known ->
                pending.containsKey(known.request().id())
                    && known.state() != ApprovalState.State.PENDING);
  }

  /** The run ends: nobody waits any more. */
  void close() {
    timers.values().forEach(TimeSource.Timer::cancel);
    timers.clear();
    pending.clear();
    anyPending = false;
  }
}
