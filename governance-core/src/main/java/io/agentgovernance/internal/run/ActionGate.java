// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.internal.calls.Ruling;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Denial;
import io.agentgovernance.tool.Effect;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The door through which everything a body does has to go, for as long as that body runs: decides
 * whether an action may proceed, and writes it into the ledger. Whatever fails here denies.
 * Confined to the agent's thread.
 */
final class ActionGate {
  /**
   * An action that may proceed.
   *
   * @param action the action, as the policies left it
   * @param policies the policies that were asked, with their versions
   * @param approval the approval it rests on, if one was needed
   */
  record Passed(Action action, String policies, @Nullable String approval) {}

  private final AgentRunner agent;
  private final AgentPhase opened;
  private final AskedApproval approvals;

  private boolean closed;

  /** The step whose work goes on; null between steps. */
  private @Nullable String step;

  ActionGate(AgentRunner agent) {
    this.agent = agent;
    this.opened = agent.phase();
    this.approvals = new AskedApproval(agent, this);
  }

  /** The body has ended: its context is of no use any more, also to a later body. */
  void close() {
    closed = true;
  }

  /**
   * Refuses foreign threads, agents that may not act, contexts of bodies that have ended, and calls
   * within the work of a step.
   */
  void onOwnThread() {
    agent.onOwnThread();
    if (closed) {
      throw new IllegalStateException(
          "agent '"
              + agent.id()
              + "': the context of its phase "
              + opened
              + " was used after that body had ended, in phase "
              + agent.phase()
              + "; use the context that the body is given.");
    }
    if (step != null) {
      throw new IllegalStateException(
          "agent '"
              + agent.id()
              + "': its context was used inside the step '"
              + step
              + "'; a step is recorded as a whole and is not entered again when the body is run"
              + " again. Make the call before the step and use its result there, or after it.");
    }
  }

  /** Does the work of a step, which must not use the context. */
  <T> T step(String name, Callable<? extends T> work) throws Exception {
    step = name;
    try {
      return work.call();
    } finally {
      step = null;
    }
  }

  /** Answers a call from the journal, or makes and records it. */
  <T> T recorded(
      String kind,
      Payload request,
      Function<? super T, Payload> write,
      Function<? super Payload, ? extends T> read,
      Journal.Work<? extends T> work) {
    return recorded(kind, request.digest(), write, read, work);
  }

  /** The same for a request of which the digest is known. */
  <T> T recorded(
      String kind,
      Digest request,
      Function<? super T, Payload> write,
      Function<? super Payload, ? extends T> read,
      Journal.Work<? extends T> work) {
    onOwnThread();
    return agent.errors().recorded(kind, request, write, read, work);
  }

  /**
   * What is about to be done. Texts that stay inside the run lose their secrets here, so that every
   * digest is of what is kept; what goes to a tool is the tool's, and a model's input is cleaned on
   * its way out.
   */
  Action action(String kind, String target, Payload input, Effect effect, TrustTier required) {
    boolean external = kind.equals(Action.TOOL) || kind.equals(Action.MODEL);
    return new Action(
        kind,
        target,
        external ? input : agent.run().services().cleaner().payload(input),
        effect,
        required,
        agent.definition().tier(),
        agent.run().terms().tenant(),
        agent.run().terms().run(),
        agent.id(),
        agent.definition().role(),
        agent.phase());
  }

  /**
   * Asks the policies, and a person if they say so.
   *
   * @throws DeniedException if the action must not happen; it has been counted and recorded
   * @throws Suspended if a person has to decide first
   */
  Passed pass(Action action) {
    Passed passed = ruled(action);
    if (agent.mediation() != null) {
      agent.limits().count(agent, passed.action());
    }
    return passed;
  }

  private Passed ruled(Action action) {
    agent.control().check();
    Ruling ruling = agent.run().services().policies().evaluate(action);
    if (agent.begun() > 0 && action.effect() == Effect.ONCE) {
      ruling = AskedApproval.outcomeUnknown(ruling);
    }
    if (ruling instanceof Ruling.Allowed allowed) {
      return new Passed(allowed.action(), allowed.policies(), null);
    } else if (ruling instanceof Ruling.Denied denied) {
      throw deny(action, denied.policy(), denied.rule(), denied.reason());
    } else if (ruling instanceof Ruling.ApprovalNeeded needed) {
      return approvals.ask(needed);
    }
    throw new AssertionError(ruling);
  }

  /** Records and counts a denial and gives the exception to throw. */
  DeniedException deny(Action action, String policy, String rule, String reason) {
    DeniedException denied = new DeniedException(action.name(), policy, rule, reason);
    record(action, policy, rule, reason);
    return agent.errors().failed(denied, action.name());
  }

  /** Records a denial that counts for nothing: the budget is spent. */
  DeniedException refuse(Action action, String policy, String rule, String reason) {
    record(action, policy, rule, reason);
    DeniedException denied = new DeniedException(action.name(), policy, rule, reason);
    agent.errors().remember(denied);
    return denied;
  }

  private void record(Action action, String policy, String rule, String reason) {
    agent
        .run()
        .denials()
        .add(new Denial(agent.id(), action.name(), policy, rule, reason, agent.run().now()));
    agent
        .run()
        .evidence()
        .note(
            agent.id(),
            LedgerTypes.DENIED,
            agent.nextId() + "/denied",
            Map.of("action", action.name(), "policy", policy, "rule", rule));
    agent
        .run()
        .store()
        .apply(
            new Command.Note(
                agent.id(),
                EventTypes.ACTION_DENIED,
                Payload.of(
                    Map.of(
                        "agent_id", agent.id().value(),
                        "action", action.name(),
                        "policy", policy,
                        "rule", rule,
                        "reason", reason))));
  }

  /**
   * Writes the one entry of an internal action, before its effect.
   *
   * @throws DeniedException if the ledger does not take it
   */
  void internal(Passed passed, String type) {
    write(
        passed.action(),
        type,
        agent.nextId(),
        Map.of(
            "action", passed.action().name(),
            "input", passed.action().input().digest().hex(),
            "policies", passed.policies()));
  }

  /** Writes an entry that must be there first, or denies. */
  void write(Action action, String type, String key, Map<String, ?> body) {
    try {
      agent.run().evidence().write(agent.id(), type, key, body);
    } catch (LedgerUnavailableException e) {
      throw unwritten(action, e);
    }
  }

  /** What to throw when an entry is not in the ledger that must be there first. */
  DeniedException unwritten(Action action, LedgerUnavailableException why) {
    agent.control().check();
    return deny(action, "ledger", "LEDGER_" + why.reason(), "its entry could not be written");
  }

  /** What the INTENT of the next call says; asked for when the call has been begun. */
  Map<String, Object> intent(Passed passed, Digest input) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("call", agent.nextId());
    if (agent.begun() > 1) {
      body.put("again", agent.begun() - 1);
    }
    body.put("action", passed.action().name());
    body.put("input", input.hex());
    body.put("policies", passed.policies());
    String approval = passed.approval();
    if (approval != null) {
      body.put("approval", approval);
    }
    return body;
  }
}
