// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Denial;
import java.util.List;

/** Writes a result for people. */
final class ReportWriter {
  private static final int MAX_PARTIAL = 4_000;

  private ReportWriter() {}

  static String markdown(OrchestrationResult result) {
    StringBuilder out = new StringBuilder(2_048);
    out.append("# ").append(heading(result)).append("\n\n");
    out.append("Objective: ").append(result.objective().strip()).append("\n\n");
    out.append(verdict(result.outcome())).append("\n\n");
    result.solution().ifPresent(solution -> solution(out, solution));
    if (result.solution().isEmpty()) {
      partial(out, result);
    }
    agents(out, result);
    proposals(out, result.proposals());
    mediations(out, result.mediations());
    handoffs(out, result.handoffs());
    denials(out, result.denials());
    usage(out, result);
    warnings(out, result);
    return out.toString();
  }

  private static String heading(OrchestrationResult result) {
    String kind = result.outcome() instanceof Outcome.Accepted ? "Report" : "Partial report";
    return kind + " of run " + result.run() + ": " + result.status();
  }

  private static String verdict(Outcome outcome) {
    return outcome.match(
        accepted -> "A solution was accepted, decided by " + accepted.decidedBy() + ".",
        none -> "There is no solution: " + none.reason() + ".",
        timedOut -> "The run's " + timedOut.after().toSeconds() + " s of active time were over.",
        stopped -> "The run was stopped by " + stopped.by() + ": " + stopped.reason() + ".",
        awaiting ->
            "The run rests until a person decides " + awaiting.pending().size() + " request(s).",
        failed -> "The run failed with " + failed.code() + ": " + failed.message());
  }

  private static void solution(StringBuilder out, Payload solution) {
    out.append("## Solution\n\n").append(readable(solution)).append("\n\n");
    citations(out, solution);
  }

  private static String readable(Payload payload) {
    return payload
        .at("/body")
        .map(Payload::text)
        .filter(body -> !body.isBlank())
        .orElseGet(() -> payload.isText() ? payload.text() : fenced(payload.json()));
  }

  private static String fenced(String json) {
    return "```json\n" + json + "\n```";
  }

  private static void citations(StringBuilder out, Payload solution) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      var source = solution.at("/citations/" + i + "/source").map(Payload::text);
      var quote = solution.at("/citations/" + i + "/quote").map(Payload::text);
      if (source.isEmpty() || quote.isEmpty()) {
        break;
      }
      list.append("- ").append(source.get()).append(": “").append(quote.get()).append("”\n");
    }
    if (list.length() > 0) {
      out.append("### Sources\n\n").append(list).append('\n');
    }
  }

  private static void partial(StringBuilder out, OrchestrationResult result) {
    out.append("## What was done\n\n");
    boolean any = false;
    for (AgentReport agent : result.agents()) {
      for (AgentOutput output : agent.outputs()) {
        if (output.phase() == AgentPhase.EXECUTE && !output.content().isEmpty()) {
          any = true;
          String text = readable(output.content());
          out.append("### ").append(agent.role().name()).append("\n\n");
          out.append(text.length() > MAX_PARTIAL ? text.substring(0, MAX_PARTIAL) + " …" : text);
          out.append("\n\n");
        }
      }
    }
    if (!any) {
      out.append("No agent finished its work.\n\n");
    }
  }

  private static void agents(StringBuilder out, OrchestrationResult result) {
    out.append("## Agents\n\n");
    out.append("| agent | status | phase | errors | calls | tokens | cost (USD) | note |\n");
    out.append("|---|---|---|---|---|---|---|---|\n");
    for (AgentReport agent : result.agents()) {
      Spend usage = agent.usage();
      AgentPhase phase = agent.phase();
      out.append("| ").append(agent.id());
      out.append(" | ").append(agent.status());
      out.append(" | ").append(phase == null ? "–" : phase.name());
      out.append(" | ").append(agent.errors());
      out.append(" | ").append(usage.calls());
      out.append(" | ").append(usage.tokens());
      out.append(" | ").append(usage.cost().toPlainString());
      out.append(" | ").append(cell(note(agent))).append(" |\n");
    }
    out.append('\n');
  }

  private static String note(AgentReport agent) {
    String abandoned =
        agent.thread() == AgentReport.ThreadState.ABANDONED ? "thread abandoned; " : "";
    return abandoned + agent.failure();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace('\n', ' ').strip();
  }

  private static void proposals(StringBuilder out, List<Proposal> proposals) {
    if (proposals.isEmpty()) {
      return;
    }
    out.append("## Proposals\n\n");
    for (Proposal proposal : proposals) {
      out.append("- ").append(proposal.author()).append(": **");
      out.append(cell(title(proposal.content()))).append("** – ").append(proposal.state());
      if (!proposal.decidedBy().isEmpty()) {
        out.append(" by ").append(proposal.decidedBy());
      }
      if (proposal.uncontested()) {
        out.append(" (uncontested)");
      }
      out.append(", quorum ").append(proposal.quorum()).append('\n');
      for (Ballot ballot : proposal.ballots()) {
        out.append("  - ").append(ballot.voter()).append(' ').append(ballot.choice());
        out.append(": ").append(cell(ballot.reason())).append('\n');
      }
    }
    out.append('\n');
  }

  private static String title(Payload content) {
    return content
        .at("/title")
        .map(Payload::text)
        .orElseGet(() -> content.isText() ? brief(content.text()) : brief(content.json()));
  }

  private static String brief(String text) {
    return text.length() > 80 ? text.substring(0, 80) + " …" : text;
  }

  private static void mediations(StringBuilder out, List<MediationReport> mediations) {
    if (!mediations.isEmpty()) {
      out.append("## Mediation\n\n");
      for (MediationReport mediation : mediations) {
        out.append("- ").append(mediation.mediator()).append(" because of ");
        out.append(mediation.reason()).append(": ").append(mediation.status()).append('\n');
      }
      out.append('\n');
    }
  }

  private static void handoffs(StringBuilder out, List<Handoff> handoffs) {
    if (!handoffs.isEmpty()) {
      out.append("## Handoffs\n\n");
      for (Handoff handoff : handoffs) {
        AgentId by = handoff.claimedBy();
        out.append("- ").append(handoff.from()).append(": ").append(handoff.state());
        out.append(by == null ? "" : " by " + by).append(", ");
        out.append(cell(handoff.cause())).append('\n');
      }
      out.append('\n');
    }
  }

  private static void denials(StringBuilder out, List<Denial> denials) {
    if (!denials.isEmpty()) {
      out.append("## Denied actions\n\n");
      for (Denial denial : denials) {
        out.append("- ").append(denial.agent()).append(", ").append(denial.action());
        out.append(": ").append(denial.rule()).append(" (").append(denial.policy());
        out.append("), ").append(cell(denial.reason())).append('\n');
      }
      out.append('\n');
    }
  }

  private static void usage(StringBuilder out, OrchestrationResult result) {
    Spend usage = result.usage();
    out.append("## Usage\n\n");
    out.append("- model calls: ").append(usage.calls()).append('\n');
    out.append("- tokens: ").append(usage.tokens()).append(" (prompt ");
    out.append(usage.promptTokens()).append(", completion ");
    out.append(usage.completionTokens()).append(")\n");
    out.append("- cost: ").append(usage.cost().toPlainString()).append(" USD\n");
    if (usage.estimatedTokens() > 0) {
      out.append("- charged as an estimate: ").append(usage.estimatedTokens());
      out.append(" tokens, ").append(usage.estimatedCost().toPlainString()).append(" USD\n");
    }
    out.append("- active time: ").append(result.activeTime().toMillis()).append(" ms\n");
    if (result.abandonedThreads() > 0) {
      out.append("- abandoned threads: ").append(result.abandonedThreads()).append('\n');
    }
    out.append('\n');
  }

  private static void warnings(StringBuilder out, OrchestrationResult result) {
    if (!result.warnings().isEmpty()) {
      out.append("## Warnings\n\n");
      result.warnings().forEach(w -> out.append("- ").append(cell(w)).append('\n'));
      out.append('\n');
    }
  }

  static String mermaid(OrchestrationResult result) {
    return Diagram.of(result);
  }
}
