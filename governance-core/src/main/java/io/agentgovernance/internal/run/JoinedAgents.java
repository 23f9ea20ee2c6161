// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.JoinRefusedException;
import io.agentgovernance.JoinRefusedException.Reason;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.internal.concurrent.Admission;
import io.agentgovernance.internal.concurrent.AgentTask;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a joined run that run in this process: their leases, their threads, and when they
 * go on.
 *
 * <p>Confined to the decisions about the run, but for joining, which comes before, and for what
 * says otherwise.
 */
final class JoinedAgents {
  private final JoinedRun run;
  private final Services services;
  private final RunStore store;
  private final JoinedParts parts;
  private final Map<AgentId, Agent> definitions = new LinkedHashMap<>();
  private final Map<AgentId, Held> leases = new LinkedHashMap<>();

  /** Written by decisions; read from any thread. */
  private volatile List<AgentRunner> agents = List.of();

  private volatile boolean leaving;
  private @Nullable Admission seats;
  private boolean over;

  JoinedAgents(
      JoinedRun run,
      Services services,
      RunStore store,
      JoinedParts parts,
      Map<AgentRole, Agent> roles) {
    this.run = run;
    this.services = services;
    this.store = store;
    this.parts = parts;
    roles.forEach((role, agent) -> definitions.put(store.terms().run().agent(role), agent));
  }

  /** Who is to run here, and what they are; the same for ever. */
  Map<AgentId, Agent> definitions() {
    return definitions;
  }

  /** Who runs here. Any thread. */
  List<AgentRunner> all() {
    return agents;
  }

  // ---- joining, on the host's thread

  /** Takes threads for them. */
  void takeSeats() {
    if (definitions.isEmpty()) {
      return;
    }
    Admission asked =
        services
            .threads()
            .admit(definitions.size(), granted -> {}, refusal -> run.leave("no threads"));
    if (!asked.admitted()) {
      asked.release();
      throw new AdmissionRefusedException(
          AdmissionRefusedException.Reason.QUEUE_FULL,
          "run '" + run.run() + "': no " + definitions.size() + " threads are free now to join it");
    }
    seats = asked;
  }

  /** Takes the leases that whoever runs them has. */
  void takeLeases() {
    for (AgentId id : definitions.keySet()) {
      Held held =
          services
              .leases()
              .acquire(store, id.value(), "")
              .orElseThrow(
                  () ->
                      new JoinRefusedException(
                          run.run(),
                          Reason.ROLE_TAKEN,
                          id + " is run by somebody",
                          "Leave it to them."));
      leases.put(id, held);
    }
  }

  /** The highest token of the leases that were taken, which no other joining has. */
  long highestToken() {
    return leases.values().stream().mapToLong(Held::token).max().orElse(0);
  }

  /** Stops them; what they would still do is refused. Any thread. */
  void cancelAll(Cause cause) {
    leaving = true;
    agents.forEach(agent -> agent.control().cancel(cause));
  }

  // ---- decisions

  /** The coordinator has remembered all that came before: an agent may begin. */
  void admitted(AgentId id) {
    Held held = leases.get(id);
    boolean here = agents.stream().anyMatch(agent -> agent.id().equals(id));
    Agent definition = definitions.get(id);
    if (over || leaving || held == null || definition == null || held.over() || here) {
      return;
    }
    Past past = parts.past();
    RunContext context = parts.context(past);
    AgentState state = store.agent(id).orElseThrow();
    AgentRunner agent = new AgentRunner(context, definition, id, held, null, Duration.ZERO);
    agent.goOnFrom(state, past.journal(id));
    List<AgentRunner> more = new ArrayList<>(agents);
    more.add(agent);
    agents = List.copyOf(more);
    agent.lease().onLost(() -> agent.control().cancel(Cause.LEASE_LOST));
    new Aftermath(context, past).settle(agent);
    new Reminder(context, past).remind(List.of(agent));
    run.reactions().claimOpen();
    restart();
  }

  /** Gives the agents that wait for nobody a thread. */
  void restart() {
    for (AgentRunner agent : agents) {
      AgentTask task = agent.control().task();
      boolean free = task == null || task.ended();
      if (!over && !leaving && free && agent.suspended() && !run.reactions().waits(agent)) {
        AgentState state = store.agent(agent.id()).orElseThrow();
        if (state.status() == AgentStatus.WAITING) {
          store.apply(
              new Command.SetAgentStatus(agent.id(), agent.fence(), AgentStatus.RUNNING, ""));
        }
        start(agent);
      }
    }
  }

  private void start(AgentRunner agent) {
    Admission granted = seats;
    if (granted == null) {
      throw new AssertionError("an agent without a thread");
    }
    AgentTask task = granted.start(agent.id().value(), agent::drive);
    agent.control().runsOn(task);
    task.onEnd(() -> run.post(() -> exited(agent)));
  }

  private void exited(AgentRunner agent) {
    Cause cause = agent.control().cause();
    if (agent.suspended()) {
      restart();
    } else if (cause == Cause.STOPPED || cause == Cause.DEADLINE) {
      AgentStatus status = cause == Cause.DEADLINE ? AgentStatus.TIMED_OUT : AgentStatus.STOPPED;
      store.apply(new Command.SetAgentStatus(agent.id(), agent.fence(), status, cause.name()));
    }
  }

  /** Goes on when the agents here have left their threads, at the latest after their grace. */
  void after(Runnable then) {
    List<AgentTask> still = new ArrayList<>();
    for (AgentRunner agent : agents) {
      AgentTask task = agent.control().task();
      if (task != null && !task.ended()) {
        still.add(task);
      }
    }
    if (still.isEmpty()) {
      then.run();
      return;
    }
    AtomicBoolean gone = new AtomicBoolean();
    Runnable goOn =
        () -> {
          if (gone.compareAndSet(false, true)) {
            run.post(then);
          }
        };
    TimeSource.Timer grace = services.control().after(services.tuning().stopGrace(), goOn);
    AtomicInteger left = new AtomicInteger(still.size());
    for (AgentTask task : still) {
      task.onEnd(
          () -> {
            if (left.decrementAndGet() == 0) {
              grace.cancel();
              goOn.run();
            }
          });
    }
  }

  /** Lets go of threads and leases. An agent that ignores its interruption is abandoned. */
  void release() {
    over = true;
    leaving = true;
    for (AgentRunner agent : agents) {
      agent.control().cancel(Cause.RUN_ENDED);
      AgentTask task = agent.control().task();
      if (task != null && !task.ended() && task.abandon()) {
        parts
            .evidence()
            .warn("agent " + agent.id() + " ignores its interruption; it was abandoned");
      }
    }
    leases.values().forEach(Held::giveBack);
  }

  /** Gives the threads back. */
  void giveSeatsBack() {
    Admission granted = seats;
    if (granted != null) {
      granted.release();
    }
  }
}
