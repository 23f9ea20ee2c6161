// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.internal.roles.RoleAgents;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When the mediator is spawned: once for each reason, one at a time, later reasons wait and are
 * looked at again. Confined to the coordinator's tasks.
 */
final class MediationDesk {
  private static final int SHARE_PERCENT = 40;

  private final RunCoordinator run;
  private final Set<MediationReason> used = EnumSet.noneOf(MediationReason.class);
  private final ArrayDeque<MediationReason> queue = new ArrayDeque<>(2);
  private @Nullable AgentRunner active;
  private TimeSource.@Nullable Timer limit;
  private int spawned;

  MediationDesk(RunCoordinator run) {
    this.run = run;
  }

  /** The agents are about to start. */
  void begin() {
    if (run.complexity() > run.run().services().tuning().complexityThreshold()) {
      trigger(MediationReason.COMPLEXITY);
    }
  }

  /** The run was left by another process: what it had triggered stays triggered. */
  void goOn() {
    for (AgentRunner agent : run.agents()) {
      MediationReason reason = agent.mediation();
      if (reason != null) {
        used.add(reason);
        spawned++;
        if (!agent.ended()) {
          active = agent;
          limit =
              run.run()
                  .services()
                  .control()
                  .after(agent.share(), () -> run.post(() -> limit(agent)));
        }
      }
    }
    begin();
    lookAtProposals();
  }

  /** How long a mediator that is spawned now may take. */
  Duration share() {
    return run.run().active().remaining().multipliedBy(SHARE_PERCENT).dividedBy(100);
  }

  /** There was no progress for the threshold. */
  void stuck() {
    trigger(MediationReason.STUCK);
  }

  /** A proposal was posted or decided. */
  void lookAtProposals() {
    if (conflicted()) {
      trigger(MediationReason.CONFLICT);
    }
  }

  private boolean conflicted() {
    if (run.run().store().accepted().isPresent()) {
      return false;
    }
    long unresolved =
        run.run().store().proposals().stream()
            .filter(p -> p.state() == Proposal.State.OPEN || p.state() == Proposal.State.REJECTED)
            .count();
    return unresolved >= run.run().services().tuning().conflictThreshold();
  }

  private void trigger(MediationReason reason) {
    if (run.isOver() || used.contains(reason) || !run.run().terms().mediation().contains(reason)) {
      return;
    }
    if (active == null) {
      spawn(reason);
    } else if (!queue.contains(reason)) {
      queue.add(reason);
    }
  }

  private void spawn(MediationReason reason) {
    used.add(reason);
    Agent definition = run.team().mediator().orElseGet(RoleAgents::gamma);
    Duration share = share();
    AgentRunner mediator = run.members().add(definition, nextId(), reason, null, share);
    if (mediator == null) {
      return;
    }
    active = mediator;
    run.members().start(mediator);
    limit = run.run().services().control().after(share, () -> run.post(() -> limit(mediator)));
  }

  private AgentId nextId() {
    spawned++;
    AgentId first = run.run().terms().run().agent(AgentRole.GAMMA);
    return spawned == 1 ? first : new AgentId(first.value() + "-" + spawned);
  }

  private void limit(AgentRunner mediator) {
    if (active == mediator) {
      run.members().cancel(mediator, AgentStoppedException.Cause.MEDIATION_LIMIT);
    }
  }

  /** A mediator has ended; the next reason that still holds gets its own. */
  void ended(AgentRunner mediator) {
    if (active != mediator) {
      return;
    }
    active = null;
    close();
    MediationReason next = queue.poll();
    while (next != null && active == null) {
      if (holds(next)) {
        trigger(next);
      }
      next = active == null ? queue.poll() : null;
    }
  }

  private boolean holds(MediationReason reason) {
    return switch (reason) {
      case STUCK -> {
        boolean stuck = run.run().stuck().isStuck();
        if (!stuck) {
          run.run().stuck().rearm();
        }
        yield stuck;
      }
      case CONFLICT -> conflicted();
      case COMPLEXITY -> true;
    };
  }

  /** Nobody is limited any more. */
  void close() {
    TimeSource.Timer timer = limit;
    if (timer != null) {
      timer.cancel();
      limit = null;
    }
  }

  /** Whether a mediator is still to come. */
  boolean pending() {
    return !queue.isEmpty();
  }
}
