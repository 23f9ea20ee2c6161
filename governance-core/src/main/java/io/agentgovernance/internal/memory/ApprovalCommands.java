// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import java.time.Instant;
import java.util.List;

/**
 * The commands about approvals, of agents and of those who decide. An instance lives for one
 * command, under whatever lock the machine's owner holds.
 */
final class ApprovalCommands {
  private final RunMachine run;
  private final Instant now;

  ApprovalCommands(RunMachine run, Instant now) {
    this.run = run;
    this.now = now;
  }

  Applied<?> request(Command.RequestApproval c) {
    ApprovalState before = run.approvals.find(c.request().id());
    if (before != null) {
      return Applied.dup(0, before);
    }
    if (run.approvals.full()) {
      return Applied.refused(Status.CONFLICT, "LIMIT");
    }
    return run.made(c, now, run.approvals.request(c.request()), List.of());
  }

  Applied<?> use(Command.UseApproval c) {
    String refusal = run.approvals.refusal(c.approvalId(), c.digest());
    if (refusal != null) {
      return Applied.refused(Status.CONFLICT, refusal);
    }
    return run.made(c, now, run.approvals.use(c.approvalId()), List.of());
  }

  Applied<?> decide(Command.DecideApproval c) {
    String refusal =
        run.approvals.refusal(
            c.approvalId(),
            c.decision(),
            now,
            name -> run.agents.keySet().stream().anyMatch(id -> id.value().equals(name)));
    // What was decided stays so; whether the run has ended meanwhile does not matter then.
    if (run.over() && !"NOT_PENDING".equals(refusal)) {
      return Applied.refused(Status.STOPPED, "STOPPED");
    }
    if (refusal != null) {
      return Applied.refused(Status.CONFLICT, refusal);
    }
    return run.made(c, now, run.approvals.decide(c.approvalId(), c.decision()), List.of());
  }

  Applied<?> expire(Command.ExpireApproval c) {
    ApprovalState state = run.approvals.find(c.approvalId());
    if (state == null) {
      return Applied.refused(Status.CONFLICT, "UNKNOWN");
    }
    if (state.state() == ApprovalState.State.EXPIRED) {
      return Applied.dup(0, state);
    }
    if (run.over()) {
      return Applied.refused(Status.STOPPED, "STOPPED");
    }
    if (state.state() != ApprovalState.State.PENDING) {
      return Applied.refused(Status.CONFLICT, "NOT_PENDING");
    }
    if (now.isBefore(state.request().expiresAt())) {
      return Applied.refused(Status.CONFLICT, "NOT_YET");
    }
    return run.made(c, now, run.approvals.expire(c.approvalId()), List.of());
  }
}
