// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.AgentReport;
import io.agentgovernance.MediationReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.ledger.RepeatedCalls;
import io.agentgovernance.payload.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A result as the one JSON object that {@code --json} prints; see the module's README for its
 * fields. Fields are only ever added. Absent values are null.
 */
final class ResultJson {
  private ResultJson() {}

  /** One line, in canonical JSON. */
  static String of(Delivery delivery, RunFolder folder) {
    OrchestrationResult result = delivery.result();
    Fields fields = new Fields();
    fields.with("run", result.run()).with("status", result.status());
    fields.with(
        "outcome",
        result
            .outcome()
            .match(
                accepted -> outcome("ACCEPTED").with("decided_by", accepted.decidedBy()),
                none -> outcome("NO_CONSENSUS").with("reason", none.reason()),
                timedOut -> outcome("TIMED_OUT").with("after_ms", timedOut.after().toMillis()),
                stopped ->
                    outcome("STOPPED").with("by", stopped.by()).with("reason", stopped.reason()),
                awaiting ->
                    outcome("AWAITING_APPROVAL")
                        .with(
                            "pending",
                            awaiting.pending().stream().map(ResultJson::approval).toList()),
                failed ->
                    outcome("FAILED").with("code", failed.code()).with("message", failed.message()))
            .map());
    fields.with("solution", result.solution().orElse(null));
    fields.with("agents", result.agents().stream().map(ResultJson::agent).toList());
    fields.with("proposals", result.proposals().stream().map(ResultJson::proposal).toList());
    fields.with("mediations", result.mediations().stream().map(ResultJson::mediation).toList());
    fields.with("handoffs", result.handoffs().stream().map(ResultJson::handoff).toList());
    fields.with(
        "usage", usage(result.usage()).with("active_ms", result.activeTime().toMillis()).map());
    RepeatedCalls repeated = delivery.repeated();
    fields.with("repeated_model_calls", repeated == null ? 0 : repeated.finished());
    fields.with("files", files(folder));
    return Payload.of(fields.map()).json();
  }

  private static Fields outcome(String kind) {
    return new Fields().with("kind", kind);
  }

  private static Map<String, @Nullable Object> approval(ApprovalRequest request) {
    return new Fields()
        .with("id", request.id())
        .with("agent", request.agent())
        .with("action", request.action())
        .with("question", request.question())
        .with("digest", request.digest().hex())
        .with("expires_at", request.expiresAt())
        .map();
  }

  private static Map<String, @Nullable Object> agent(AgentReport agent) {
    return new Fields()
        .with("id", agent.id())
        .with("role", agent.role().name())
        .with("status", agent.status())
        .with("phase", agent.phase())
        .with("errors", agent.errors())
        .with("violations", agent.violations())
        .with("failure", agent.failure())
        .with("output", agent.output().orElse(null))
        .with("usage", usage(agent.usage()).map())
        .map();
  }

  private static Map<String, @Nullable Object> proposal(Proposal proposal) {
    return new Fields()
        .with("id", proposal.id())
        .with("author", proposal.author())
        .with("content", proposal.content())
        .with("state", proposal.state())
        .with("decided_by", proposal.decidedBy().isEmpty() ? null : proposal.decidedBy())
        .with("uncontested", proposal.uncontested())
        .with("quorum", proposal.quorum())
        .with("votes", proposal.ballots().stream().map(ResultJson::vote).toList())
        .map();
  }

  private static Map<String, @Nullable Object> vote(Ballot ballot) {
    return new Fields()
        .with("voter", ballot.voter())
        .with("choice", ballot.choice())
        .with("reason", ballot.reason())
        .map();
  }

  private static Map<String, @Nullable Object> mediation(MediationReport mediation) {
    return new Fields()
        .with("mediator", mediation.mediator())
        .with("reason", mediation.reason())
        .with("status", mediation.status())
        .map();
  }

  private static Map<String, @Nullable Object> handoff(Handoff handoff) {
    return new Fields()
        .with("id", handoff.id())
        .with("from", handoff.from())
        .with("cause", handoff.cause())
        .with("phase", handoff.phase())
        .with("state", handoff.state())
        .with("claimed_by", handoff.claimedBy())
        .map();
  }

  private static Fields usage(Spend spend) {
    return new Fields()
        .with("calls", spend.calls())
        .with("tokens", spend.tokens())
        .with("prompt_tokens", spend.promptTokens())
        .with("completion_tokens", spend.completionTokens())
        .with("cost_usd", spend.cost())
        .with("estimated_tokens", spend.estimatedTokens())
        .with("estimated_cost_usd", spend.estimatedCost());
  }

  private static Map<String, @Nullable Object> files(RunFolder folder) {
    return new Fields()
        .with("folder", folder.path().toString())
        .with("report", folder.reportFile().toString())
        .with("events", folder.eventsFile().toString())
        .with("diagram", folder.diagramFile().toString())
        .map();
  }

  /** The fields of an object. */
  private static final class Fields {
    private final Map<String, @Nullable Object> map = new LinkedHashMap<>();

    Fields with(String name, @Nullable Object value) {
      map.put(name, plain(value));
      return this;
    }

    Map<String, @Nullable Object> map() {
      return map;
    }

    private static @Nullable Object plain(@Nullable Object value) {
      if (value == null
          || value instanceof Payload
          || value instanceof Number
          || value instanceof Boolean
          || value instanceof Map
          || value instanceof List) {
        return value;
      }
      return value.toString();
    }
  }
}
