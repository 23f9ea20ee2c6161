// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.internal.concurrent.AgentTask;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.secret.Log;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who takes over what an agent left: the active partner, else one successor, else nobody. Confined
 * to the coordinator's tasks.
 */
final class Succession {
  private static final Log log = Log.of(Succession.class);

  private final RunCoordinator run;
  private final Set<String> awaitingThread = new HashSet<>(1);

  Succession(RunCoordinator run) {
    this.run = run;
  }

  /**
   * Whether a successor is still to be started, or a handoff was made that has not been announced
   * yet: an agent's thread may end before the change it made is delivered.
   */
  boolean pending() {
    return !awaitingThread.isEmpty()
        || run.run().store().handoffs().stream().anyMatch(h -> h.state() == Handoff.State.OPEN);
  }

  void handedOff(Handoff handoff) {
    settle(handoff);
    run.course().lookForEnd();
  }

  private void settle(Handoff handoff) {
    note(handoff);
    AgentRunner partner = partner(handoff);
    if (partner != null && partner.away()) {
      return; // its process claims it; it is settled again if that process is gone
    }
    if (partner != null && claim(handoff, partner)) {
      return;
    }
    Agent successor = handoff.depth() < Handoff.MAX_DEPTH ? successor(handoff) : null;
    if (successor == null || run.isOver()) {
      giveUp(handoff);
      return;
    }
    AgentRunner predecessor = runner(handoff.from());
    AgentTask task = predecessor == null ? null : predecessor.control().task();
    awaitingThread.add(handoff.id());
    if (task == null) {
      succeed(handoff, successor);
      return;
    }
    task.onEnd(() -> run.post(() -> succeed(handoff, successor)));
    run.run()
        .services()
        .control()
        .after(
            run.run().services().tuning().stopGrace(),
            () -> run.post(() -> succeedAnyway(handoff, successor, task)));
  }

  private void succeedAnyway(Handoff handoff, Agent successor, AgentTask task) {
    if (awaitingThread.contains(handoff.id())) {
      if (!task.ended() && task.abandon()) {
        run.run()
            .evidence()
            .warn("agent " + handoff.from() + " ignores its interruption; it was abandoned");
      }
      succeed(handoff, successor);
    }
  }

  private void succeed(Handoff handoff, Agent definition) {
    if (!awaitingThread.remove(handoff.id())) {
      return;
    }
    AgentId id = new AgentId(handoff.from().value() + "-" + (handoff.depth() + 1));
    AgentRunner added =
        run.isOver()
            ? null
            : run.members().add(definition, id, null, handoff.from(), Duration.ZERO);
    if (added == null || !claim(handoff, added)) {
      giveUp(handoff);
    } else {
      begin(added);
    }
    run.course().lookForEnd();
  }

  /**
   * A predecessor that hangs may keep its thread; then the successor fails without having begun.
   */
  private void begin(AgentRunner successor) {
    try {
      run.members().start(successor);
    } catch (IllegalStateException | AdmissionRefusedException e) {
      log.warn("run {}: no thread for {}", run.run().terms().run(), successor.id(), e);
      successor.standing().end();
      run.run()
          .store()
          .apply(
              new Command.SetAgentStatus(
                  successor.id(), successor.fence(), AgentStatus.FAILED, "NO_THREAD"));
    }
  }

  private boolean claim(Handoff handoff, AgentRunner by) {
    Applied<Handoff> claimed =
        run.run().store().apply(new Command.ClaimHandoff(by.id(), by.fence(), handoff.id()));
    if (claimed.accepted()) {
      note(handoff.claimed(by.id()));
      by.notice(notice(handoff));
      by.wake();
    }
    return claimed.accepted();
  }

  static String notice(Handoff handoff) {
    return "The work of " + handoff.from() + " was handed to you: " + handoff.cause();
  }

  private void giveUp(Handoff handoff) {
    run.run().store().apply(new Command.GiveUpHandoff(run.fence(), handoff.id()));
    note(handoff.unclaimed());
  }

  private @Nullable AgentRunner partner(Handoff handoff) {
    AgentId id = partner(run.run().store().agents(), handoff);
    return id == null ? null : runner(id);
  }

  /** Who is to take over what an agent left: every process comes to the same answer. */
  static @Nullable AgentId partner(List<AgentState> agents, Handoff handoff) {
    for (AgentState state : agents) {
      if (Mailbox.active(state) && state.reason() == null && !state.id().equals(handoff.from())) {
        return state.id();
      }
    }
    return null;
  }

  /** Settles what is still open: whoever was to claim it has ended, or came back. */
  void settleOpen() {
    for (Handoff handoff : run.run().store().handoffs()) {
      if (handoff.state() == Handoff.State.OPEN && !awaitingThread.contains(handoff.id())) {
        handedOff(handoff);
      }
    }
  }

  private @Nullable AgentRunner runner(AgentId id) {
    return run.members().find(id);
  }

  private @Nullable Agent successor(Handoff handoff) {
    AgentRunner failed = runner(handoff.from());
    if (failed == null) {
      return null;
    }
    try {
      Optional<Agent> made =
          run.run().services().successors().successor(failed.definition(), handoff);
      return made.orElse(null);
    } catch (RuntimeException e) {
      log.warn("run {}: the agent factory failed", run.run().terms().run(), e);
      return null;
    }
  }

  private void note(Handoff handoff) {
    run.run()
        .evidence()
        .note(
            handoff.from(),
            LedgerTypes.HANDOFF,
            handoff.id() + "/" + RunNotes.ledgered(handoff),
            RunNotes.handoff(handoff));
  }
}
