// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.internal.events.EventLog;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the agents of a run that another process coordinates share in this one. Confined to the
 * decisions about it, but for what says otherwise.
 */
final class JoinedParts {
  private static final Log log = Log.of(JoinedParts.class);
  private static final Duration NEVER = Duration.ofDays(36_500);

  private final Services services;
  private final RunStore store;
  private final Team team;
  private final RunContext.Signals signals;
  private final long epoch;
  private final Evidence evidence;
  private final RunMemory memory;
  private final EventLog events;
  private final RunView view;

  /** Written once; read from any thread. */
  private volatile @Nullable RunContext context;

  JoinedParts(Services services, RunStore store, Team team, RunContext.Signals signals) {
    this.services = services;
    this.store = store;
    this.team = team;
    this.signals = signals;
    this.epoch = services.checkpoints().epoch(store.terms().run());
    this.evidence = new Evidence(services, store.terms(), epoch);
    this.memory = new RunMemory(services.checkpoints(), store.terms().run(), epoch);
    this.events = new EventLog(store.terms().run(), services.time(), services.eventThreads());
    this.view = new RunView(store, evidence);
    services.listeners().forEach(events::subscribe);
  }

  /** The epoch of the process that coordinates the run. */
  long epoch() {
    return epoch;
  }

  Evidence evidence() {
    return evidence;
  }

  /** Takes note of a change. Any thread; in their order. */
  void changed(Change change) {
    events.append(change);
    view.changed(change);
    memory.changed(change);
  }

  /** What is remembered of the run. */
  Past past() {
    return Past.read(services.checkpoints(), store.terms().run())
        .orElseThrow(() -> new IllegalStateException("nothing is remembered of the run"));
  }

  /** What its agents share; the time they have is what the run has left. */
  RunContext context(Past past) {
    RunContext known = context;
    if (known != null) {
      return known;
    }
    StuckClock nobodysClock =
        new StuckClock(services.time(), services.control(), NEVER, () -> {}); // the coordinator's
    ActiveClock active =
        new ActiveClock(
            services.time(), services.control(), store.terms().timeout(), past.active(), () -> {});
    RunContext made =
        new RunContext(
            services,
            Requests.of(store.terms()).team(team),
            store.terms(),
            store,
            view,
            evidence,
            memory,
            events,
            nobodysClock,
            active,
            new Denials(),
            new SpendWatch(),
            signals);
    context = made;
    if (!asked()) {
      active.start();
    }
    return made;
  }

  /** Whether a person is asked: the time of the run stands still then. */
  boolean asked() {
    return store.approvals().stream().anyMatch(a -> a.state() == ApprovalState.State.PENDING);
  }

  /** Lets the time of the run stand still, or go on, as it does where it is coordinated. */
  void lookAtTime() {
    RunContext known = context;
    if (known != null && asked()) {
      known.active().stop();
    } else if (known != null) {
      known.active().start();
    }
  }

  /**
   * Writes what was collected, unless another process has the run. Before an agent was let in that
   * would leave a gap: what came before may not be remembered.
   */
  void remember() {
    if (context == null) {
      return;
    }
    try {
      memory.flush();
    } catch (RuntimeException e) {
      log.debug("run {}: the last of it is not remembered", store.terms().run(), e);
    }
  }

  void close() {
    RunContext known = context;
    if (known != null) {
      known.active().stop();
    }
    events.complete();
  }
}
