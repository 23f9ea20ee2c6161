// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.RepeatedCallException;
import io.agentgovernance.agent.ToolAccess;
import io.agentgovernance.agent.ToolFailedException;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.internal.calls.LoopDetector;
import io.agentgovernance.ledger.LedgerConflictException;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.model.Part;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls tools under governance: evaluate, INTENT, act, remember, OUTCOME, admit. Confined to the
 * agent's thread.
 */
final class GovernedTools implements ToolAccess {
  private static final String INTENT = "/intent";

  private final AgentRunner agent;
  private final ActionGate gate;
  private final LoopDetector loops;
  private @Nullable String concluding;

  GovernedTools(AgentRunner agent, ActionGate gate, LoopDetector loops) {
    this.agent = agent;
    this.gate = gate;
    this.loops = loops;
  }

  @Override
  public Payload call(String name, Object input) {
    requireNonNull(name, "name");
    requireNonNull(input, "input");
    Payload payload = input instanceof Payload given ? given : Payload.of(input);
    concluding = null;
    Digest request = Payload.of(Map.of("tool", name, "input", payload)).digest();
    boolean repeats = loops.repeats(request); // calls answered from the journal are calls too
    Payload output =
        gate.recorded(
            "tool",
            request,
            result -> result,
            result -> result,
            () -> live(name, payload, repeats));
    String id = concluding;
    if (id != null) {
      concluding = null;
      conclude(id, output);
    }
    return output;
  }

  /** Answers a model's wish: what goes wrong is told to the model, unless the agent is stopped. */
  Part.ToolResult answer(Part.ToolUse use) {
    try {
      return new Part.ToolResult(use.id(), call(use.tool(), use.input()), Part.ToolResult.Kind.OK);
    } catch (DeniedException | ToolFailedException | RepeatedCallException e) {
      return new Part.ToolResult(
          use.id(), Payload.text(String.valueOf(e.getMessage())), Part.ToolResult.Kind.ERROR);
    }
  }

  private Payload live(String name, Payload input, boolean repeats) {
    Tool tool = agent.run().services().tools().get(name);
    Action action =
        gate.action(
            Action.TOOL,
            name,
            input,
            tool == null ? Effect.ONCE : tool.effect(),
            tool == null ? TrustTier.T0 : tool.tier());
    if (repeats) {
      throw agent.errors().failed(new RepeatedCallException(action.name()), action.name());
    }
    if (tool == null) {
      throw gate.deny(action, "library", "UNKNOWN_TOOL", "no tool of that name is registered");
    }
    ActionGate.Passed passed = gate.pass(action);
    String key = agent.nextId();
    String id = key + Journal.again(agent.begun());
    admit(id); // the store may know better than this process that the agent may not act
    agent.begin("tool", input.digest());
    intend(passed, id);
    return run(tool, passed.action(), key, id);
  }

  /**
   * Has the begun call remembered and its INTENT written, both at once: neither store waits for the
   * other, and the call waits for both.
   */
  private void intend(ActionGate.Passed passed, String id) {
    Action action = passed.action();
    Map<String, Object> body = gate.intent(passed, action.input().digest());
    EvidenceEntry intent =
        agent.run().evidence().entry(agent.id(), LedgerTypes.INTENT, id + INTENT, body);
    rememberOrGiveUp(id, intent);
    try {
      intent.await();
    } catch (LedgerUnavailableException e) {
      if (!(e.getCause() instanceof LedgerConflictException)) {
        throw gate.unwritten(action, e);
      }
      // A process that died before its call was remembered, so before it was made, wrote another.
      gate.write(
          action, LedgerTypes.INTENT, id + INTENT + "@" + agent.run().memory().epoch(), body);
    }
  }

  /** A call that cannot be remembered is not made, whatever the ledger has of it by now. */
  private void rememberOrGiveUp(String id, EvidenceEntry intent) {
    boolean remembered = false;
    try {
      Durably.together(agent, intent);
      remembered = true;
    } finally {
      if (!remembered) {
        Map<String, Object> body = Map.of("call", Journal.first(id), "result", "NOT_MADE");
        String key = id + "/outcome@" + agent.run().memory().epoch();
        agent.run().evidence().note(agent.id(), LedgerTypes.OUTCOME, key, body);
      }
    }
  }

  /**
   * Makes the call.
   *
   * @param key the same if the call is made again because its outcome is unknown
   * @param id what its traces are named by
   */
  private Payload run(Tool tool, Action action, String key, String id) {
    ToolRun call = new ToolRun(agent, tool, key);
    try {
      Payload output = call.run(action.input());
      concluding = id;
      return output;
    } catch (ToolFailedException e) {
      outcome(id, e.getCause() instanceof BadInputException ? "REFUSED" : "FAILED");
      agent.checkTime();
      throw agent.errors().failed(e, action.name());
    } catch (GovernanceException | Error e) {
      outcome(id, "UNKNOWN");
      throw e;
    } finally {
      agent.run().stuck().progress();
    }
  }

  private void outcome(String id, String result) {
    agent
        .run()
        .evidence()
        .note(
            agent.id(),
            LedgerTypes.OUTCOME,
            id + "/outcome",
            Map.of("call", Journal.first(id), "result", result));
  }

  /** Remembers the result and its outcome; the store says if it may be used. */
  private void conclude(String id, Payload output) {
    EvidenceEntry outcome =
        agent
            .run()
            .evidence()
            .entry(
                agent.id(),
                LedgerTypes.OUTCOME,
                id + "/outcome",
                Map.of(
                    "call", Journal.first(id), "result", "DONE", "output", output.digest().hex()));
    GovernanceException forgotten;
    try {
      forgotten = Durably.inOrder(agent, outcome);
    } catch (LedgerUnavailableException e) {
      agent.control().check();
      agent
          .run()
          .signals()
          .failed("LEDGER", "the outcome of a tool call could not be recorded; it was withheld");
      throw RunContext.stopped(agent.id(), agent.control(), AgentStoppedException.Cause.RUN_ENDED);
    }
    if (forgotten != null) {
      agent.control().check();
      agent
          .run()
          .signals()
          .failed(Failures.code(forgotten), String.valueOf(forgotten.getMessage()));
      throw RunContext.stopped(agent.id(), agent.control(), AgentStoppedException.Cause.RUN_ENDED);
    }
    admit(id);
  }

  private void admit(String id) {
    Applied<Void> admitted = agent.apply(new Command.Admit(agent.id(), agent.fence(), id));
    if (!admitted.accepted()) {
      throw RunContext.stopped(agent.id(), agent.control(), AgentStoppedException.Cause.RUN_ENDED);
    }
  }
}
