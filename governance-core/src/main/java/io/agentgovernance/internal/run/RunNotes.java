// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.internal.calls.ModelRouter;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is written about a run: in events, in the ledger, in checkpoints. */
final class RunNotes {
  private RunNotes() {}

  static Map<String, Object> started(RunContext run, Team team) {
    ModelRouter router = run.services().router();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("model", router == null ? "none" : router.routes().get(0).uri());
    data.put("agents", team.agents().stream().map(agent -> agent.role().name()).toList());
    data.put("objective_digest", Digest.sha256(run.terms().objective()).hex());
    return data;
  }

  static Map<String, Object> spawned(Agent definition, @Nullable MediationReason reason) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("role", definition.role().name());
    body.put("version", definition.version());
    body.put("tier", definition.tier().name());
    body.put("tools", List.copyOf(definition.tools()));
    if (reason != null) {
      body.put("reason", reason.name());
    }
    return body;
  }

  /** Notes an acceptance; that of the mediator was written before it took effect. */
  static void decided(RunContext run, Proposal proposal) {
    if (isNoted(proposal)) {
      run.evidence()
          .note(null, LedgerTypes.DECISION, proposal.id() + "/decision", decision(proposal));
    }
  }

  /** Whether the decision on a proposal is noted after it took effect. */
  static boolean isNoted(Proposal proposal) {
    return proposal.state() == Proposal.State.ACCEPTED
        && !proposal.decidedBy().equals(Proposal.BY_GAMMA);
  }

  static Map<String, Object> decision(Proposal proposal) {
    return Map.of(
        "proposal", proposal.id(),
        "digest", proposal.digest().hex(),
        "decided_by", proposal.decidedBy(),
        "accepts", proposal.accepts(),
        "rejects", proposal.rejects(),
        "quorum", proposal.quorum());
  }

  static Map<String, Object> handoff(Handoff handoff) {
    AgentId by = handoff.claimedBy();
    return by == null
        ? Map.of("state", ledgered(handoff), "cause", handoff.cause())
        : Map.of("state", ledgered(handoff), "by", by.value());
  }

  /** A handoff's state as the ledger calls it. */
  static String ledgered(Handoff handoff) {
    return handoff.state() == Handoff.State.OPEN ? "CREATED" : handoff.state().name();
  }

  static Map<String, Object> decided(ApprovalState state) {
    return Map.of(
        "state", state.state().name(),
        "by", state.by(),
        "digest", state.request().digest().hex());
  }

  static Map<String, Object> ended(RunContext run, Outcome outcome) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", outcome.status().name());
    body.put("active_time", run.active().used().toString());
    if (outcome instanceof Outcome.Accepted accepted) {
      body.put("solution", accepted.solution().digest().hex());
      body.put("decided_by", accepted.decidedBy());
    } else if (outcome instanceof Outcome.Stopped stopped) {
      body.put("by", stopped.by());
    } else if (outcome instanceof Outcome.Failed failed) {
      body.put("code", failed.code());
    }
    Spend spend = run.view().spend();
    body.put("tokens", spend.tokens());
    body.put("cost", spend.cost().toPlainString());
    body.put("estimated_tokens", spend.estimatedTokens());
    return body;
  }

  /** What the terminal event and the final checkpoint say of the result. */
  static Map<String, Object> results(RunContext run, Outcome reached) {
    Outcome outcome = run.services().cleaner().value(reached);
    Map<String, Object> data = ended(run, outcome);
    if (outcome instanceof Outcome.Stopped stopped) {
      data.put("reason", stopped.reason());
    } else if (outcome instanceof Outcome.Failed failed) {
      data.put("message", failed.message());
    }
    Map<String, Object> agents = new LinkedHashMap<>();
    for (AgentState agent : run.view().agents()) {
      agents.put(
          agent.id().value(),
          agent.failure().isEmpty()
              ? Map.of("status", agent.status().name())
              : Map.of("status", agent.status().name(), "failure", agent.failure()));
    }
    data.put("agents", agents);
    return data;
  }

  /** Writes the final checkpoint; a store that does not take it is a warning. */
  static void checkpoint(RunContext run, Outcome outcome, Payload results) {
    try {
      run.memory().add(new Delta.Elapsed(run.active().used()));
      run.memory()
          .mark(
              new Checkpoint(
                  run.terms().run(),
                  run.memory().lastSequence(),
                  run.now(),
                  outcome.status(),
                  results));
      run.memory().finish();
    } catch (RuntimeException e) {
      run.evidence().warn("the final checkpoint could not be written: " + e.getMessage());
    }
  }
}
