// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Orchestration;
import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRefusedException;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.approval.Approvals;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The runs of an orchestrator: those that go on, and the last that ended. Thread safe. The lock is
 * held for the index only.
 */
public final class LiveRuns implements Approvals {
  private final int retained;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<RunId, RunHandle> live = new LinkedHashMap<>();
  private final Map<RunId, RunHandle> ended = new LinkedHashMap<>();
  private final ArrayDeque<RunId> endedOrder = new ArrayDeque<>();
  private boolean closed;

  public LiveRuns(int retained) {
    this.retained = retained;
  }

  /** A run that goes on, or one of the last that ended. */
  public Optional<Orchestration> orchestration(RunId id) {
    return find(id).map(run -> run);
  }

  /** Adds a run unless one of its id is there; then that one is returned. */
  @Nullable RunHandle add(RunHandle run) {
    lock.lock();
    try {
      RunHandle known = known(run.id());
      if (known == null && !closed) {
        live.put(run.id(), run);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  Optional<RunHandle> find(RunId id) {
    lock.lock();
    try {
      return Optional.ofNullable(known(id));
    } finally {
      lock.unlock();
    }
  }

  private @Nullable RunHandle known(RunId id) {
    RunHandle run = live.get(id);
    return run == null ? ended.get(id) : run;
  }

  /** The run is over: it can still be found, as long as not too many ended after it. */
  void over(RunHandle run) {
    lock.lock();
    try {
      live.remove(run.id());
      if (retained > 0) {
        ended.put(run.id(), run);
        endedOrder.addLast(run.id());
        while (endedOrder.size() > retained) {
          ended.remove(endedOrder.removeFirst());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** A start that failed. */
  void remove(RunHandle run) {
    lock.lock();
    try {
      live.remove(run.id(), run);
    } finally {
      lock.unlock();
    }
  }

  /** Admits nothing new and returns what goes on. */
  List<RunHandle> close() {
    lock.lock();
    try {
      closed = true;
      return new ArrayList<>(live.values());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<ApprovalRequest> pending() {
    List<RunHandle> runs;
    lock.lock();
    try {
      runs = new ArrayList<>(live.values());
    } finally {
      lock.unlock();
    }
    List<ApprovalRequest> pending = new ArrayList<>();
    for (RunHandle run : runs) {
      for (ApprovalState state : run.approvals()) {
        if (state.state() == ApprovalState.State.PENDING) {
          pending.add(state.request());
        }
      }
    }
    pending.sort(Comparator.comparing(ApprovalRequest::requestedAt));
    return List.copyOf(pending);
  }

  @Override
  public void decide(RunId runId, String approvalId, ApprovalDecision decision) {
    RunHandle run =
        find(runId)
            .orElseThrow(
                () ->
                    new ApprovalRefusedException(
                        approvalId,
                        "UNKNOWN",
                        "Run '" + runId + "' is not one of this orchestrator."));
    Applied<ApprovalState> applied = run.decide(new Command.DecideApproval(approvalId, decision));
    if (!applied.accepted()) {
      throw new ApprovalRefusedException(approvalId, applied.reason(), advice(applied.reason()));
    }
  }

  private static String advice(String reason) {
    return switch (reason) {
      case "UNKNOWN" -> "Take the id from a pending request of that run.";
      case "NOT_PENDING" -> "It was decided before; each request is decided once.";
      case "EXPIRED" -> "It counts as denied; let the agent ask again.";
      case "WRONG_DIGEST" -> "Read the request again and decide about what it says now.";
      case "REQUESTER", "AGENT" -> "A person has to decide.";
      default -> "The run has ended.";
    };
  }
}
