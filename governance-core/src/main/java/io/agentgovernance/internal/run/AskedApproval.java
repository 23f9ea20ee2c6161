// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.internal.calls.Ruling;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What a person has to decide before an action happens. Confined to the agent's thread. */
final class AskedApproval {
  /**
   * Who asks when a call may have been made by a process that died, and the rule it is denied by.
   */
  static final String OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN";

  /** How long a person may take to say whether it is made again. */
  private static final Duration UNKNOWN_OUTCOME_LIMIT = Duration.ofHours(24);

  private final AgentRunner agent;
  private final ActionGate gate;

  AskedApproval(AgentRunner agent, ActionGate gate) {
    this.agent = agent;
    this.gate = gate;
  }

  /** What may happen once only, and perhaps has, happens again only if a person says so. */
  static Ruling outcomeUnknown(Ruling ruling) {
    return ruling.<Ruling>match(
        allowed -> unknown(allowed.action(), allowed.policies()),
        denied -> denied,
        needed -> unknown(needed.action(), needed.policies()));
  }

  private static Ruling.ApprovalNeeded unknown(Action action, String policies) {
    return new Ruling.ApprovalNeeded(
        action,
        OUTCOME_UNKNOWN,
        "The process died during "
            + action.name()
            + ", which may have happened. May it be done again?",
        UNKNOWN_OUTCOME_LIMIT,
        policies);
  }

  /**
   * Goes on with what a person allowed, asks if nobody was asked yet, and denies the rest.
   *
   * @throws io.agentgovernance.agent.DeniedException if it must not happen
   * @throws Suspended if a person has to decide first
   */
  ActionGate.Passed ask(Ruling.ApprovalNeeded needed) {
    Action action = needed.action();
    boolean unknown = needed.policy().equals(OUTCOME_UNKNOWN);
    if (agent.run().services().approver() == null && unknown) {
      throw gate.deny(
          action,
          "library",
          OUTCOME_UNKNOWN,
          "the process died during it and it may have happened; a person would have to decide and"
              + " no approver is configured. Declare the tool IDEMPOTENT if it may be repeated, or"
              + " set builder.approver(…)");
    }
    if (agent.run().services().approver() == null) {
      throw gate.deny(
          action,
          needed.policy(),
          "NO_APPROVER",
          "a person would have to decide and no approver is configured; set builder.approver(…)");
    }
    String id =
        agent.nextId() + (unknown ? "/unknown" + Journal.again(agent.begun()) : "/approval");
    Digest digest = digest(needed);
    ApprovalState state =
        agent.run().store().approvals().stream()
            .filter(known -> known.request().id().equals(id))
            .findFirst()
            .orElse(null);
    if (state == null) {
      request(id, digest, needed);
      throw agent.leaveThread();
    }
    return switch (state.state()) {
      case PENDING -> throw agent.leaveThread();
      case DENIED ->
          throw gate.deny(action, needed.policy(), "APPROVAL_DENIED", "denied by " + state.by());
      case EXPIRED ->
          throw gate.deny(action, needed.policy(), "APPROVAL_EXPIRED", "nobody decided in time");
      case USED -> {
        if (state.request().digest().equals(digest)) {
          // This call and no other: a process died between using it and making the call, or in a
          // call that may be repeated.
          yield new ActionGate.Passed(action, needed.policies(), id);
        }
        throw gate.deny(action, needed.policy(), "APPROVAL_USED", "the approval was used before");
      }
      case APPROVED -> use(id, digest, needed);
    };
  }

  private void request(String id, Digest digest, Ruling.ApprovalNeeded needed) {
    Instant now = agent.run().now();
    ApprovalRequest request =
        new ApprovalRequest(
            id,
            agent.run().terms().run(),
            agent.id(),
            needed.action().name(),
            needed.question(),
            needed.action().input(),
            digest,
            needed.policy(),
            now,
            now.plus(needed.within()));
    gate.write(
        needed.action(),
        LedgerTypes.APPROVAL,
        id,
        Map.of("state", "REQUESTED", "digest", digest.hex(), "policy", needed.policy()));
    agent.apply(new Command.RequestApproval(agent.id(), agent.fence(), request));
  }

  private ActionGate.Passed use(String id, Digest digest, Ruling.ApprovalNeeded needed) {
    Applied<ApprovalState> used =
        agent.apply(new Command.UseApproval(agent.id(), agent.fence(), id, digest));
    if (!used.accepted()) {
      throw gate.deny(
          needed.action(),
          needed.policy(),
          "APPROVAL_" + used.reason(),
          "the approval is for something else: the action, the policy or its version changed");
    }
    return new ActionGate.Passed(needed.action(), needed.policies(), id);
  }

  /** What an approval is bound to: the action, and the policies that ruled, with their versions. */
  private static Digest digest(Ruling.ApprovalNeeded needed) {
    return Payload.of(
            Map.of(
                "action", needed.action().digest().hex(),
                "policies", needed.policies(),
                "question", needed.question()))
        .digest();
  }
}
