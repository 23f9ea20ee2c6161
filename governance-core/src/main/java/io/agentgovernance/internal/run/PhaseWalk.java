// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineConstants;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Log;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The way of one agent through its phases: which it is in, what came of those behind it, and what
 * becomes of an exception that escapes a body.
 *
 * <p>Not thread safe: confined to the agent's thread. What it goes on from is set before there is
 * one, and the hand-over of the agent's task orders that.
 */
final class PhaseWalk {
  private static final Log log = Log.of(PhaseWalk.class);

  private final AgentRunner agent;
  private final Map<AgentPhase, Payload> outputs = new EnumMap<>(AgentPhase.class);
  private AgentPhase phase = AgentPhase.BOOTSTRAP;

  PhaseWalk(AgentRunner agent) {
    this.agent = agent;
  }

  /** Takes over how far an earlier process came. */
  void goOnFrom(AgentState state) {
    for (AgentOutput output : state.outputs()) {
      outputs.put(output.phase(), output.content());
    }
    if (state.phase() != null) {
      phase = state.phase();
    }
  }

  /** The phase it is in. */
  AgentPhase phase() {
    return phase;
  }

  Optional<Payload> output(AgentPhase of) {
    return Optional.ofNullable(outputs.get(of));
  }

  /** Goes through the phases that are left, on the calling thread; throws nothing but errors. */
  void drive() {
    AgentControl control = agent.control();
    try {
      walk();
    } catch (AgentStoppedException e) {
      log.debug("agent {} stopped: {}", agent.id(), e.reason());
      endCancelled();
    } catch (GovernanceException e) {
      if (control.cancelled()) {
        endCancelled();
      } else {
        log.warn("agent {}: the run cannot go on", agent.id(), e);
        agent.run().signals().failed(Failures.code(e), String.valueOf(e.getMessage()));
      }
    } catch (RuntimeException e) {
      log.error("agent {}: unexpected failure of the runtime", agent.id(), e);
      agent.run().signals().failed("RUNTIME", e.getClass().getName() + ": " + e.getMessage());
    }
  }

  /**
   * A cancelled mediator has ended by itself; the status of others is set with the run's. May be
   * called by any thread.
   */
  void endCancelled() {
    AgentStoppedException.Cause cause = agent.control().cause();
    if (cause == AgentStoppedException.Cause.MEDIATION_LIMIT) {
      agent
          .run()
          .store()
          .apply(
              new Command.SetAgentStatus(
                  agent.id(), agent.fence(), AgentStatus.TIMED_OUT, "MEDIATION_LIMIT"));
    } else if (cause == AgentStoppedException.Cause.LEASE_LOST) {
      agent.run().signals().leaseLost(agent);
    }
  }

  private void walk() {
    for (AgentPhase next : PipelineConstants.AGENT_PHASES_ORDERED) {
      if (outputs.containsKey(next)) {
        continue;
      }
      if (!through(next)) {
        return;
      }
    }
    agent.apply(new Command.SetAgentStatus(agent.id(), agent.fence(), AgentStatus.COMPLETED, ""));
    agent.remember();
  }

  /** Goes through one phase; false if the agent does not go on. */
  private boolean through(AgentPhase next) {
    phase = next;
    agent.journal().enter(next);
    agent.apply(new Command.EnterPhase(agent.id(), agent.fence(), next));
    while (true) {
      Payload content;
      try {
        content = content(next);
      } catch (Suspended e) {
        return rest();
      } catch (Throwable e) {
        if (agent.suspended()) {
          return rest();
        }
        if (!survives(e, next)) {
          return false;
        }
        agent.journal().retry();
        continue;
      }
      if (agent.suspended()) {
        return rest(); // the body swallowed the suspension
      }
      agent.control().check();
      finish(next, content);
      return true;
    }
  }

  private Payload content(AgentPhase next) throws Exception {
    Optional<AgentBody<?>> body = agent.definition().body(next);
    if (body.isEmpty()) {
      return PhaseDefaults.content(agent, next);
    }
    GovernedContext context = new GovernedContext(agent);
    Object output;
    try {
      output = body.get().run(context);
    } finally {
      context.close();
    }
    return output == null
        ? Payload.empty()
        : output instanceof Payload payload ? payload : Payload.of(output);
  }

  private void finish(AgentPhase finished, Payload content) {
    outputs.put(finished, content);
    RunContext run = agent.run();
    agent.apply(
        new Command.FinishPhase(
            agent.id(),
            agent.fence(),
            AgentOutput.of(run.terms().run(), agent.id(), finished, content, run.now())));
    if (agent.definition().body(finished).isPresent()) {
      agent.remember(); // what the library does in a phase it does again the same: it can wait
    }
  }

  /** Deals with what escaped a body: true if the phase is tried again. */
  private boolean survives(Throwable error, AgentPhase failed) {
    if (error instanceof VirtualMachineError fatal && !(error instanceof StackOverflowError)) {
      agent.run().signals().failed("RUNTIME", fatal.getClass().getName());
      throw fatal;
    }
    agent.control().check();
    if (error instanceof AgentStoppedException stopped) {
      throw stopped;
    }
    Thread.interrupted();
    GovernanceException governed = Failures.governed(error);
    if (governed != null && Failures.infrastructure(governed)) {
      throw governed; // no fault of the agent
    }
    agent.errors().escaped(error, failed);
    if (governed != null && governed.retryable() && !ErrorDesk.uncounted(error)) {
      log.debug("agent {}: phase {} is tried again", agent.id(), failed, error);
      return true;
    }
    log.debug("agent {}: failed in phase {}", agent.id(), failed, error);
    agent.apply(
        new Command.SetAgentStatus(agent.id(), agent.fence(), AgentStatus.FAILED, describe(error)));
    agent.remember();
    return false;
  }

  private static String describe(Throwable error) {
    String message = error instanceof GovernanceException ? error.getMessage() : null;
    return message == null ? error.getClass().getName() : message;
  }

  private boolean rest() {
    agent.standing().rest();
    agent.apply(new Command.SetAgentStatus(agent.id(), agent.fence(), AgentStatus.WAITING, ""));
    agent.remember();
    return false;
  }
}
