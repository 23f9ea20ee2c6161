// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The agents of a run that other processes run: lets them in, and takes an agent back whose process
 * did not come or is gone. Confined to the coordinator's tasks, but for {@link #changed}.
 */
final class AwayDesk {
  /** How long the coordinator waits for a process to join before it runs the agent itself. */
  static final Duration JOIN_WITHIN = Duration.ofSeconds(10);

  private final RunCoordinator run;
  private final RunContext context;
  private final Map<AgentId, TimeSource.Timer> timers = new HashMap<>(0);

  /** The calls in flight elsewhere, by their reservations: nobody is stuck meanwhile. */
  private final Map<String, StuckClock.Pause> calls = new ConcurrentHashMap<>(0);

  AwayDesk(RunCoordinator run) {
    this.run = run;
    this.context = run.run();
  }

  /** Waits for a process to run an agent. */
  void expect(@Nullable AgentRunner agent) {
    if (agent != null) {
      lookAfter(agent, JOIN_WITHIN);
    }
  }

  /** An agent that was run here has lost its lease, and its task is over. */
  void lost(AgentRunner agent) {
    if (run.isOver() || run.members().find(agent.id()) != agent) {
      return;
    }
    if (!context.store().holds(Lease.COORDINATOR, run.fence())) {
      run.failed("LEASE_LOST", "agent " + agent.id() + " and the run were taken over");
      return;
    }
    lookAfter(run.members().replace(agent), Duration.ZERO);
  }

  private void lookAfter(AgentRunner agent, Duration pause) {
    timers.put(
        agent.id(), context.services().control().after(pause, () -> run.post(() -> look(agent))));
  }

  private void look(AgentRunner agent) {
    timers.remove(agent.id());
    if (run.isOver() || agent.ended() || !agent.away()) {
      return;
    }
    Leases leases = context.services().leases();
    Held free = leases.acquire(context.store(), agent.id().value(), "").orElse(null);
    if (free == null) {
      lookAfter(agent, leases.pause()); // somebody runs it
      return;
    }
    boolean done = false;
    try {
      takeBack(agent, free);
      done = true;
    } finally {
      if (!done) {
        free.letRunOut();
      }
    }
  }

  /** Nobody runs it any more: it goes on here, from what was remembered of it. */
  private void takeBack(AgentRunner agent, Held free) {
    long told = tell(agent.id(), EventTypes.AGENT_TAKEN_BACK);
    context.memory().flush(told); // with all that its process did, and could not remember any more
    endCalls(agent.id());
    AgentState state = context.store().agent(agent.id()).orElseThrow();
    if (!Mailbox.active(state)) {
      free.giveBack();
      agent.standing().endAway();
      ended();
      return;
    }
    Past past =
        Past.read(context.services().checkpoints(), run.id())
            .orElseThrow(() -> new IllegalStateException("nothing is remembered of the run"));
    agent.takeBack(free, state, past.journal(agent.id()));
    run.members().watch(agent);
    new Aftermath(context, past).settle(agent);
    new Reminder(context, past).remind(List.of(agent));
    run.approvals().park(agent);
    run.succession().settleOpen();
    run.course().goOn();
  }

  private long tell(AgentId agent, String what) {
    return context
        .store()
        .apply(new Command.Note(agent, what, Payload.of(Map.of("agent_id", agent.value()))))
        .sequence();
  }

  /** What was done of an agent elsewhere, or asked for. Any thread; in the order of changes. */
  void changed(Change change) {
    if (change.command() instanceof Command.Note note
        && note.type().equals(EventTypes.AGENT_JOINED)) {
      joined(note.agent(), change.sequence());
    }
    AgentRunner agent = away(change.command());
    if (agent != null) {
      call(change.command());
      note(agent, change);
    }
    for (Effect effect : change.effects()) {
      if (effect instanceof Effect.AgentChanged changed) {
        AgentRunner other = run.members().find(changed.agent());
        if (other != null && other.away()) {
          status(other, changed.to());
        }
      }
    }
  }

  private @Nullable AgentRunner away(Command<?> command) {
    AgentId id =
        command instanceof Command.OfAgent<?> own
            ? own.agent()
            : command instanceof Command.Note note ? note.agent() : null;
    AgentRunner agent = id == null ? null : run.members().find(id);
    return agent != null && agent.away() ? agent : null;
  }

  private void call(Command<?> command) {
    if (command instanceof Command.Reserve c) {
      StuckClock.Pause pause = context.stuck().new Pause();
      pause.hold();
      calls.put(c.reservationId(), pause);
    } else if (command instanceof Command.Settle c) {
      end(calls.remove(c.reservationId()));
    } else if (command instanceof Command.Estimate c) {
      end(calls.remove(c.reservationId()));
    } else if (command instanceof Command.Release c) {
      end(calls.remove(c.reservationId()));
    }
  }

  private static void end(StuckClock.@Nullable Pause pause) {
    if (pause != null) {
      pause.end();
    }
  }

  private void endCalls(AgentId agent) {
    for (String reservation : List.copyOf(calls.keySet())) {
      if (reservation.startsWith(agent.value() + "/")) {
        end(calls.remove(reservation));
      }
    }
  }

  private void note(AgentRunner agent, Change change) {
    if (change.command() instanceof Command.Note note
        && note.type().equals(EventTypes.ACTION_DENIED)) {
      context.denials().add(Past.denial(agent.id(), note.data(), change.at()));
    }
  }

  /**
   * A process has come to run an agent. It may be quicker than the task that adds the agent: so
   * only the one after that asks which agent it is.
   */
  private void joined(@Nullable AgentId id, long sequence) {
    if (id != null) {
      run.post(() -> admit(run.members().find(id), sequence));
    }
  }

  /** Lets a process begin, once all that came before is remembered: it adds to that. */
  private void admit(@Nullable AgentRunner agent, long upTo) {
    if (!run.isOver() && agent != null && agent.away()) {
      context.memory().flush(upTo);
      long unused = tell(agent.id(), EventTypes.AGENT_ADMITTED);
    }
  }

  private void status(AgentRunner agent, AgentStatus to) {
    switch (to) {
      case PENDING, RUNNING -> agent.standing().goOn();
      case WAITING -> {
        agent.standing().rest();
        run.post(run.course()::lookForRest);
      }
      case COMPLETED, FAILED, TIMED_OUT, STOPPED, REVOKED -> {
        endCalls(agent.id());
        agent.control().cancel(Cause.RUN_ENDED);
        agent.standing().endAway();
        run.post(this::ended);
      }
    }
  }

  /** An agent has ended elsewhere. */
  private void ended() {
    if (!run.isOver()) {
      run.succession().settleOpen();
    }
    run.course().lookForEnd();
  }

  /** The run ends: nobody is looked after any more. */
  void close() {
    timers.values().forEach(TimeSource.Timer::cancel);
    timers.clear();
  }
}
