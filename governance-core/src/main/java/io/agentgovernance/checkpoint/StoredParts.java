// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.ClarifiedPlan;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.OutputType;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import java.util.Set;

/** How the values inside deltas and commands are stored. */
final class StoredParts {
  private static final String RUN = "the id of a run";
  private static final String ROLE = "the name of a role";

  private StoredParts() {}

  static JsonOut write(JsonOut out, RunTerms terms) {
    return out.id("tenant", terms.tenant())
        .id("run", terms.run())
        .text("objective", terms.objective())
        .payload("inputs", terms.inputs())
        .texts("roles", terms.roles().stream().map(AgentRole::name).toList())
        .idIfAny("writer", terms.writer())
        .object("spend", spend -> write(spend, terms.spend()))
        .duration("timeout", terms.timeout())
        .texts("mediation", terms.mediation().stream().sorted().map(Enum::name).toList())
        .id("definition", terms.definition())
        .instant("started_at", terms.startedAt());
  }

  static RunTerms terms(Fields in) {
    return new RunTerms(
        in.parsed("tenant", "the id of a tenant", TenantId::parse),
        run(in),
        in.text("objective"),
        in.payload("inputs"),
        in.texts("roles").stream().map(AgentRole::parse).toList(),
        in.parsedIfAny("writer", ROLE, AgentRole::parse),
        spend(in.object("spend")),
        in.duration("timeout"),
        Set.copyOf(in.words("mediation", MediationReason.class)),
        in.digest("definition"),
        in.instant("started_at"));
  }

  private static JsonOut write(JsonOut out, SpendBudget spend) {
    return out.decimal("cost", spend.cost().amount())
        .text("currency", spend.cost().currency())
        .number("tokens", spend.tokens());
  }

  private static SpendBudget spend(Fields in) {
    return new SpendBudget(new Money(in.decimal("cost"), in.text("currency")), in.number("tokens"));
  }

  private static RunId run(Fields in) {
    return in.parsed("run", RUN, RunId::parse);
  }

  static AgentRole role(Fields in) {
    return in.parsed("role", ROLE, AgentRole::parse);
  }

  static JsonOut write(JsonOut out, Checkpoint checkpoint) {
    return out.id("run", checkpoint.run())
        .number("sequence", checkpoint.sequence())
        .instant("at", checkpoint.at())
        .word("status", checkpoint.status())
        .payload("detail", checkpoint.detail());
  }

  static Checkpoint checkpoint(Fields in) {
    return new Checkpoint(
        run(in),
        in.number("sequence"),
        in.instant("at"),
        in.word("status", PipelineStatus.class),
        in.payload("detail"));
  }

  static JsonOut write(JsonOut out, JournalEntry entry) {
    return out.id("agent", entry.agent())
        .word("phase", entry.phase())
        .number("attempt", entry.attempt())
        .number("ordinal", entry.ordinal())
        .text("kind", entry.kind())
        .id("request", entry.request())
        .word("outcome", entry.outcome())
        .payload("value", entry.value());
  }

  static JournalEntry entry(Fields in) {
    return new JournalEntry(
        in.agent("agent"),
        in.word("phase", AgentPhase.class),
        in.integer("attempt"),
        in.integer("ordinal"),
        in.text("kind"),
        in.digest("request"),
        in.word("outcome", JournalEntry.Outcome.class),
        in.payload("value"));
  }

  static JsonOut write(JsonOut out, AgentOutput output) {
    return out.id("run", output.run())
        .id("agent", output.agent())
        .word("phase", output.phase())
        .word("type", output.type())
        .payload("content", output.content())
        .id("digest", output.digest())
        .instant("at", output.at());
  }

  static AgentOutput output(Fields in) {
    return new AgentOutput(
        run(in),
        in.agent("agent"),
        in.word("phase", AgentPhase.class),
        in.word("type", OutputType.class),
        in.payload("content"),
        in.digest("digest"),
        in.instant("at"));
  }

  static JsonOut write(JsonOut out, ErrorBudget budget) {
    return out.number("max_total_errors", budget.maxTotalErrors())
        .number("max_same_error_repeats", budget.maxSameErrorRepeats())
        .number("max_procedure_violations", budget.maxProcedureViolations());
  }

  static ErrorBudget errorBudget(Fields in) {
    return new ErrorBudget(
        in.integer("max_total_errors"),
        in.integer("max_same_error_repeats"),
        in.integer("max_procedure_violations"));
  }

  static JsonOut write(JsonOut out, ClarifiedPlan plan) {
    return out.id("agent", plan.agent())
        .payload("original_plan", plan.originalPlan())
        .texts("clarifications", plan.clarifications())
        .text("reason", plan.reason())
        .instant("at", plan.at());
  }

  static ClarifiedPlan plan(Fields in) {
    return new ClarifiedPlan(
        in.agent("agent"),
        in.payload("original_plan"),
        in.texts("clarifications"),
        in.text("reason"),
        in.instant("at"));
  }

  static JsonOut write(JsonOut out, ApprovalRequest request) {
    return out.text("id", request.id())
        .id("run", request.run())
        .id("agent", request.agent())
        .text("action", request.action())
        .text("question", request.question())
        .payload("subject", request.subject())
        .id("digest", request.digest())
        .text("policy", request.policy())
        .instant("requested_at", request.requestedAt())
        .instant("expires_at", request.expiresAt());
  }

  static ApprovalRequest request(Fields in) {
    return new ApprovalRequest(
        in.text("id"),
        run(in),
        in.agent("agent"),
        in.text("action"),
        in.text("question"),
        in.payload("subject"),
        in.digest("digest"),
        in.text("policy"),
        in.instant("requested_at"),
        in.instant("expires_at"));
  }

  static JsonOut write(JsonOut out, ApprovalDecision decision) {
    return out.word("choice", decision.choice())
        .text("by", decision.by())
        .id("digest", decision.digest())
        .text("reason", decision.reason());
  }

  static ApprovalDecision decision(Fields in) {
    return new ApprovalDecision(
        in.word("choice", ApprovalDecision.Choice.class),
        in.text("by"),
        in.digest("digest"),
        in.text("reason"));
  }
}
