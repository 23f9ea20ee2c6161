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
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
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

  /** The runs that others coordinate and of which agents run here. */
  private final Map<RunId, JoinedRun> joined = new LinkedHashMap<>(0);

  private boolean closed;

  public LiveRuns(int retained) {
    this.retained = retained;
  }

  /** A run that goes on, or one of the last that ended. */
  public Optional<Orchestration> orchestration(RunId id) {
    return find(id).map(run -> run);
  }

  /** Adds a run; false if nothing new is admitted any more. */
  boolean add(RunHandle run) {
    lock.lock();
    try {
      if (!closed) {
        live.put(run.id(), run);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Adds a run that another process coordinates; false if this one is at it, or closed. */
  boolean join(JoinedRun run) {
    lock.lock();
    try {
      return !closed && !live.containsKey(run.run()) && joined.putIfAbsent(run.run(), run) == null;
    } finally {
      lock.unlock();
    }
  }

  /** This process has nothing to do any more with a run it had joined. */
  void leave(JoinedRun run) {
    lock.lock();
    try {
      boolean unused = joined.remove(run.run(), run);
    } finally {
      lock.unlock();
    }
  }

  /** The runs that others coordinate and of which agents run here. */
  List<JoinedRun> joined() {
    lock.lock();
    try {
      return new ArrayList<>(joined.values());
    } finally {
      lock.unlock();
    }
  }

  /** The agents of a run that run here. */
  List<AgentRunner> agents(RunId id) {
    lock.lock();
    try {
      RunHandle run = known(id);
      JoinedRun other = joined.get(id);
      return other != null ? other.agents() : run == null ? List.of() : run.coordinator().agents();
    } finally {
      lock.unlock();
    }
  }

  /** Tells the runs that go on that a model route is open, or closed again. */
  public void announce(String route, String from, String to) {
    Command.Note note =
        new Command.Note(
            null,
            EventTypes.CIRCUIT_STATE,
            Payload.of(Map.of("model", route, "from", from, "to", to)));
    for (RunHandle run : all()) {
      run.announce(note);
    }
  }

  /** Tells something to the runs that go on, and to those that were joined. */
  void announce(Command.Note note) {
    for (RunHandle run : all()) {
      run.announce(note);
    }
    for (JoinedRun run : joined()) {
      run.announce(note);
    }
  }

  private List<RunHandle> all() {
    lock.lock();
    try {
      return new ArrayList<>(live.values());
    } finally {
      lock.unlock();
    }
  }

  boolean goesOn(RunId run) {
    lock.lock();
    try {
      return live.containsKey(run);
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

  /**
   * The run is over: it can still be found, as long as not too many ended after it.
   *
   * @return the runs that cannot be found any more
   */
  List<RunId> over(RunId id) {
    lock.lock();
    try {
      RunHandle run = live.remove(id);
      if (run == null) {
        return List.of();
      }
      ended.put(id, run);
      endedOrder.addLast(id);
      List<RunId> forgotten = new ArrayList<>(1);
      while (endedOrder.size() > retained) {
        RunId oldest = endedOrder.removeFirst();
        ended.remove(oldest);
        forgotten.add(oldest);
      }
      return forgotten;
    } finally {
      lock.unlock();
    }
  }

  /** A start that failed. */
  void remove(RunId run) {
    lock.lock();
    try {
      live.remove(run);
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
    List<ApprovalRequest> pending = new ArrayList<>();
    for (RunHandle run : all()) {
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
