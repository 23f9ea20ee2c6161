// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.approval.ApprovalState.State;
import io.agentgovernance.payload.Digest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The approvals of one run. Guarded by the lock of its {@link MemoryRunStore}. */
final class ApprovalBook {
  static final int MAX_APPROVALS = 10_000;

  private final Map<String, ApprovalState> approvals = new LinkedHashMap<>(2);

  ApprovalBook() {}

  ApprovalBook(ApprovalBook origin) {
    approvals.putAll(origin.approvals);
  }

  boolean full() {
    return approvals.size() >= MAX_APPROVALS;
  }

  @Nullable ApprovalState find(String id) {
    return approvals.get(id);
  }

  List<ApprovalState> all() {
    return List.copyOf(approvals.values());
  }

  ApprovalState request(ApprovalRequest request) {
    return put(new ApprovalState(request, State.PENDING, "", ""));
  }

  /** Why a decision is refused, or null if it is not. */
  @Nullable String refusal(
      String id, ApprovalDecision decision, Instant now, Predicate<String> isAgent) {
    ApprovalState state = approvals.get(id);
    if (state == null) {
      return "UNKNOWN";
    }
    if (state.state() == State.EXPIRED) {
      return "EXPIRED";
    }
    if (state.state() != State.PENDING) {
      return "NOT_PENDING";
    }
    if (!now.isBefore(state.request().expiresAt())) {
      return "EXPIRED";
    }
    if (!state.request().digest().equals(decision.digest())) {
      return "WRONG_DIGEST";
    }
    if (decision.by().equals(state.request().agent().value())) {
      return "REQUESTER";
    }
    return isAgent.test(decision.by()) ? "AGENT" : null;
  }

  ApprovalState decide(String id, ApprovalDecision decision) {
    ApprovalState state = known(id);
    boolean approved = decision.choice() == ApprovalDecision.Choice.APPROVE;
    return put(
        new ApprovalState(
            state.request(),
            approved ? State.APPROVED : State.DENIED,
            decision.by(),
            decision.reason()));
  }

  ApprovalState expire(String id) {
    ApprovalState state = known(id);
    return put(new ApprovalState(state.request(), State.EXPIRED, "", "nobody decided in time"));
  }

  /** Why a use is refused, or null if it is not. */
  @Nullable String refusal(String id, Digest digest) {
    ApprovalState state = approvals.get(id);
    if (state == null || state.state() != State.APPROVED) {
      return "NOT_APPROVED";
    }
    return state.request().digest().equals(digest) ? null : "WRONG_DIGEST";
  }

  ApprovalState use(String id) {
    ApprovalState state = known(id);
    return put(new ApprovalState(state.request(), State.USED, state.by(), state.reason()));
  }

  private ApprovalState known(String id) {
    ApprovalState state = approvals.get(id);
    if (state == null) {
      throw new IllegalStateException(
          "approval '" + id + "' was not checked before it was changed");
    }
    return state;
  }

  private ApprovalState put(ApprovalState state) {
    approvals.put(state.request().id(), state);
    return state;
  }
}
