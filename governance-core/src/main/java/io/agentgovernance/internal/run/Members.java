// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.internal.concurrent.AgentTask;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a run: how they get into it, get their threads, and are given up. Confined to the
 * coordinator's tasks, but for what says otherwise.
 */
final class Members {
  private static final Log log = Log.of(Members.class);

  private final RunCoordinator run;
  private final Seats seats;

  /** Written by tasks; read from any thread. */
  private volatile List<AgentRunner> agents = List.of();

  Members(RunCoordinator run) {
    this.run = run;
    this.seats = run.seats();
  }

  // ---- for any thread

  List<AgentRunner> all() {
    return agents;
  }

  boolean allMatch(Predicate<AgentRunner> predicate) {
    return agents.stream().allMatch(predicate);
  }

  boolean allEnded() {
    return allMatch(AgentRunner::ended);
  }

  /** The agent of an id, if the run has it. */
  @Nullable AgentRunner find(AgentId id) {
    for (AgentRunner agent : agents) {
      if (agent.id().equals(id)) {
        return agent;
      }
    }
    return null;
  }

  /** Stops those that have not ended, and says who they are. */
  List<AgentRunner> cancelAll(Cause cause) {
    List<AgentRunner> active = agents.stream().filter(agent -> !agent.ended()).toList();
    active.forEach(agent -> agent.control().cancel(cause));
    return active;
  }

  /** Ends one agent while the run goes on; one that ignores it holds nobody up. */
  void cancel(AgentRunner agent, Cause cause) {
    agent.control().cancel(cause);
    TimeSource.Timer grace =
        run.run()
            .services()
            .control()
            .after(run.run().services().tuning().stopGrace(), () -> run.post(() -> giveUp(agent)));
    AgentTask task = agent.control().task();
    if (task != null) {
      task.onEnd(grace::cancel);
    }
  }

  // ---- decisions

  /** Adds an agent to the run; null if the store refuses it. */
  @Nullable AgentRunner add(
      Agent definition,
      AgentId id,
      @Nullable MediationReason reason,
      @Nullable AgentId successorOf,
      Duration share) {
    Held own = lease(id);
    if (own == null) {
      run.run().evidence().warn("agent " + id + " was not added: its lease is taken");
      return null;
    }
    if (!spawn(definition, id, reason, successorOf)) {
      own.letRunOut();
      return null;
    }
    return join(new AgentRunner(run.run(), definition, id, own, reason, share));
  }

  /** Adds an agent that another process is to run; null if the store refuses it. */
  @Nullable AgentRunner addAway(Agent definition, AgentId id) {
    return spawn(definition, id, null, null)
        ? join(new AgentRunner(run.run(), definition, id, null, null, Duration.ZERO))
        : null;
  }

  /** Puts an agent in the place of one that has lost its lease. */
  AgentRunner replace(AgentRunner lost) {
    AgentRunner again =
        new AgentRunner(
            run.run(), lost.definition(), lost.id(), null, lost.mediation(), lost.share());
    agents = agents.stream().map(agent -> agent == lost ? again : agent).toList();
    return again;
  }

  /** Watches over the lease of an agent that is run here. */
  void watch(AgentRunner agent) {
    agent.lease().onLost(() -> cancel(agent, Cause.LEASE_LOST));
  }

  private @Nullable Held lease(AgentId id) {
    return run.run()
        .services()
        .leases()
        .acquire(run.run().store(), id.value(), run.run().terms().run() + "/" + id)
        .orElse(null);
  }

  private boolean spawn(
      Agent definition,
      AgentId id,
      @Nullable MediationReason reason,
      @Nullable AgentId successorOf) {
    Applied<?> spawned =
        run.run()
            .store()
            .apply(
                new Command.Spawn(
                    run.fence(),
                    id,
                    definition.role(),
                    definition.tier(),
                    definition.version(),
                    definition.errorBudget(),
                    reason,
                    successorOf));
    if (!spawned.accepted()) {
      log.debug("run {}: agent {} was not added: {}", run.id(), id, spawned.reason());
      return false;
    }
    run.run()
        .evidence()
        .note(id, LedgerTypes.SPAWNED, id + "/spawned", RunNotes.spawned(definition, reason));
    return true;
  }

  /** Adds an agent that another process had spawned. */
  void addAgain(Agent definition, AgentState state, List<JournalEntry> journal) {
    AgentId id = state.id();
    Held own = lease(id);
    if (own == null) {
      throw new IllegalStateException("the lease of " + id + " is taken");
    }
    Duration share = state.reason() == null ? Duration.ZERO : run.mediations().share();
    AgentRunner agent = new AgentRunner(run.run(), definition, id, own, state.reason(), share);
    agent.goOnFrom(state, journal);
    join(agent);
  }

  private AgentRunner join(AgentRunner agent) {
    List<AgentRunner> more = new ArrayList<>(agents);
    more.add(agent);
    agents = List.copyOf(more);
    watch(agent);
    return agent;
  }

  /** Gives an agent a thread. */
  void start(AgentRunner agent) {
    AgentTask task = seats.start(agent);
    if (task == null) {
      run.approvals().park(agent); // the run rests without its threads
      run.course().goOn();
      return;
    }
    agent.control().runsOn(task);
    task.onEnd(() -> run.post(() -> exited(agent))); // not earlier: successors need the permit
  }

  /** An agent's task is over: it ended, or waits for a person. */
  private void exited(AgentRunner agent) {
    if (run.finished()) {
      return;
    }
    if (agent.suspended()) {
      run.approvals().suspended(agent);
    } else if (agent.mediation() != null) {
      run.mediations().ended(agent);
    }
    run.course().lookForEnd();
  }

  private void giveUp(AgentRunner agent) {
    AgentTask task = agent.control().task();
    if (run.finished() || task == null || task.ended() || agent.ended() || agent.suspended()) {
      return;
    }
    if (abandon(agent, task)) {
      estimate(agent);
    }
    agent.giveUp();
    exited(agent);
  }

  /**
   * Gives up the threads that ignore that the run ends.
   *
   * @param goesOn whether the run can be resumed: then whoever does finds their calls in flight, as
   *     after a crash, and the store, which may be why it is left, is not asked
   */
  void abandonThreads(boolean goesOn) {
    for (AgentRunner agent : agents) {
      AgentTask task = agent.control().task();
      if (task != null && !agent.ended() && !agent.suspended()) {
        boolean abandoned = abandon(agent, task);
        if (abandoned && !goesOn) {
          estimate(agent);
        }
      }
    }
  }

  private boolean abandon(AgentRunner agent, AgentTask task) {
    boolean abandoned = task.abandon();
    if (abandoned) {
      run.run()
          .evidence()
          .warn("agent " + agent.id() + " ignores its interruption; it was abandoned");
    }
    return abandoned;
  }

  /** What the call of an abandoned agent took is unknown: it stays charged at its reservation. */
  private void estimate(AgentRunner agent) {
    String reservation = agent.reservation();
    if (reservation != null) {
      run.run().view().apply(new Command.Estimate(agent.id(), agent.fence(), reservation));
    }
  }

  /** Gives those that are still active their last status. */
  void settle(Cause cause) {
    AgentStatus status = cause == Cause.DEADLINE ? AgentStatus.TIMED_OUT : AgentStatus.STOPPED;
    for (AgentRunner agent : agents) {
      run.run().view().end(agent, status, cause.name());
    }
  }

  /** The run is over: nobody renews their leases any more. */
  void letLeasesRunOut() {
    agents.forEach(agent -> agent.lease().letRunOut());
  }

  /** The run is left: whoever resumes it need not wait for their leases. */
  void giveLeasesBack() {
    agents.forEach(agent -> agent.lease().giveBack());
  }
}
