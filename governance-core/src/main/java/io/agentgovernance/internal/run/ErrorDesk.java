// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.ErrorTally.Consequence;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.ClarifiedPlan;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.ProcedureViolation;
import io.agentgovernance.internal.calls.ErrorSignature;
import io.agentgovernance.internal.calls.Uncounted;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Counts an agent's errors, each once. Confined to the agent's thread. */
final class ErrorDesk {
  private static final int REMEMBERED = 16;

  private final AgentRunner agent;
  private final ArrayDeque<Throwable> counted = new ArrayDeque<>(2);

  ErrorDesk(AgentRunner agent) {
    this.agent = agent;
  }

  /** Remembers that an exception has been counted, so that it is not again when it escapes. */
  void remember(Throwable error) {
    if (counted.size() == REMEMBERED) {
      counted.removeFirst();
    }
    counted.addLast(error);
  }

  /** Whether an exception, or what caused it, was counted or counts for nothing. */
  boolean settled(Throwable error) {
    Throwable current = error;
    for (int depth = 0; current != null && depth < 32; depth++, current = current.getCause()) {
      if (current instanceof Uncounted) {
        return true;
      }
      for (Throwable known : counted) {
        if (known == current) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether an exception counts for nothing: it may not be retried without bound. */
  static boolean uncounted(Throwable error) {
    Throwable current = error;
    for (int depth = 0; current != null && depth < 32; depth++, current = current.getCause()) {
      if (current instanceof Uncounted) {
        return true;
      }
    }
    return false;
  }

  /**
   * Counts a failed action and gives the exception back to be thrown.
   *
   * @throws AgentStoppedException if that revoked the agent
   */
  <E extends Throwable> E failed(E error, String operation) {
    if (!settled(error)) {
      count(error, operation, agent.nextId() + "/error", null);
    }
    return error;
  }

  /** The same for a reply of a call that came back: the next call may fail too. */
  <E extends Throwable> E unusable(E error, String operation) {
    if (!settled(error)) {
      count(error, operation, agent.nextId() + "/reply", null);
    }
    return error;
  }

  /**
   * Answers a call from the journal, or makes and records it; {@link ActionGate} comes first. What
   * a call that is answered from the journal throws was counted when it was made.
   */
  <T> T recorded(
      String kind,
      Digest request,
      Function<? super T, Payload> write,
      Function<? super Payload, ? extends T> read,
      Journal.Work<? extends T> work) {
    boolean replaying = agent.journal().replaying();
    try {
      return agent.journal().call(kind, request, write, read, work);
    } catch (Journal.Cleaned e) {
      if (settled(e.original())) {
        remember(e.clean());
      }
      throw e.clean();
    } catch (GovernanceException e) {
      if (replaying) {
        remember(e);
      }
      throw e;
    }
  }

  /** Counts what escaped from a body. */
  void escaped(Throwable error, AgentPhase phase) {
    if (!settled(error)) {
      count(error, "phase:" + phase, agent.nextId() + "/body", null);
    }
  }

  /** Counts a violation of the procedure. */
  <E extends Throwable> E violated(E error, String operation, ProcedureViolation violation) {
    count(error, operation, agent.nextId() + "/violation", violation);
    return error;
  }

  private void count(
      Throwable error, String operation, String errorId, @Nullable ProcedureViolation violation) {
    String signature = ErrorSignature.of(error, operation);
    remember(error);
    Applied<ErrorTally> applied =
        agent.apply(
            new Command.RecordError(
                agent.id(),
                agent.fence(),
                errorId,
                signature,
                violation,
                operation + ": " + error.getClass().getSimpleName()));
    ErrorTally tally = applied.result();
    if (tally == null || applied.status() != Applied.Status.OK) {
      return;
    }
    if (tally.revoked()) {
      agent
          .run()
          .evidence()
          .note(
              agent.id(),
              LedgerTypes.REVOKED,
              agent.id() + "/revoked",
              revocation(tally, signature));
      throw RunContext.stopped(agent.id(), agent.control(), AgentStoppedException.Cause.REVOKED);
    }
    ErrorBudget budget = agent.definition().errorBudget();
    if (tally.consequences().contains(Consequence.WARN)) {
      agent.notice(warning(tally, budget));
    }
    if (tally.consequences().contains(Consequence.CLARIFY)) {
      clarify(tally, signature, operation);
    }
  }

  /** Clarifies the plan after an error; before the agent has a thread, or on it. */
  void clarify(ErrorTally tally, String signature, String operation) {
    String advice =
        tally.repeats() > 0
            ? "The same error came again at " + operation + ": do it another way."
            : tally.total() + " errors so far, the last at " + operation + ": check the plan.";
    ClarifiedPlan plan =
        new ClarifiedPlan(
            agent.id(),
            agent.output(AgentPhase.PLAN).orElse(Payload.empty()),
            List.of(advice, "Errors look like: " + signature),
            tally.repeats() > 0 ? "REPEATED_ERROR" : "HALF_OF_BUDGET",
            agent.run().now());
    agent.apply(new Command.Clarify(agent.id(), agent.fence(), plan));
    agent.notice(clarified(plan));
  }

  /** What an agent is told whose errors get near a limit. */
  static String warning(ErrorTally tally, ErrorBudget budget) {
    return tally.total()
        + " of "
        + budget.maxTotalErrors()
        + " errors used, "
        + tally.repeats()
        + " of "
        + budget.maxSameErrorRepeats()
        + " repeats: finish soon, or stop failing this way.";
  }

  /** What an agent is told whose plan was made clearer. */
  static String clarified(ClarifiedPlan plan) {
    return "Plan clarified: " + plan.clarifications().get(0);
  }

  /** What is proved of a revocation. */
  static Map<String, Object> revocation(ErrorTally tally, String signature) {
    return Map.of(
        "total", tally.total(),
        "repeats", tally.repeats(),
        "violations", tally.violations(),
        "signature", signature);
  }
}
