// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.ledger.RepeatedCalls;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** A result for people: how it came out, the solution, the agents, the files. For one use. */
final class ResultText {
  private static final int MOST_OF_A_DRAFT = 2_000;
  private static final String ROW = "  %-10s %-10s %-10s %6s %6s %10s %10s";

  private final OrchestrationResult result;
  private final Paint paint;
  private final StringBuilder out = new StringBuilder(2_048);

  private ResultText(OrchestrationResult result, Paint paint) {
    this.result = result;
    this.paint = paint;
  }

  static String of(Delivery delivery, RunFolder folder, Path directory, Paint paint) {
    OrchestrationResult result = delivery.result();
    ResultText text = new ResultText(result, paint);
    text.verdict();
    if (result.solution().isPresent()) {
      text.block(readable(result.solution().get()));
    } else {
      text.drafts();
    }
    text.agents();
    RepeatedCalls repeated = delivery.repeated();
    if (repeated != null) {
      text.repeated(repeated);
    }
    text.files(folder, directory);
    return text.out.toString();
  }

  private void verdict() {
    Outcome outcome = result.outcome();
    Paint.Hue hue =
        outcome instanceof Outcome.Accepted
            ? Paint.Hue.GREEN
            : outcome instanceof Outcome.AwaitingApproval ? Paint.Hue.YELLOW : Paint.Hue.RED;
    String how =
        outcome.match(
            accepted -> "solution accepted, decided by " + accepted.decidedBy(),
            none -> "no solution: " + none.reason(),
            timedOut -> "the " + seconds(timedOut.after()) + " it had are over",
            stopped -> "stopped by " + stopped.by() + ": " + stopped.reason(),
            awaiting -> "rests until a person answers " + awaiting.pending().size() + " request(s)",
            failed ->
                failed.code().equals(Outcome.Failed.ALL_AGENTS_FAILED)
                    ? "every agent failed; why is below"
                    : failed.code() + ": " + failed.message());
    out.append(paint.on(hue, result.status().name()));
    out.append("  ").append(Plain.line(how));
    out.append(paint.on(Paint.Hue.DIM, "  (" + seconds(result.activeTime()) + ")")).append("\n\n");
  }

  /** What a reader wants of a solution: its body, if it has one. */
  private static String readable(Payload payload) {
    return payload
        .at("/body")
        .map(Payload::text)
        .filter(body -> !body.isBlank())
        .orElseGet(payload::text);
  }

  private void block(String text) {
    Plain.block(text)
        .strip()
        .lines()
        .map(line -> line.startsWith("#") ? paint.on(Paint.Hue.BOLD, line) : quoted(line))
        .forEach(line -> out.append(line).append('\n'));
    out.append('\n');
  }

  private String quoted(String line) {
    return line.startsWith(">") ? paint.on(Paint.Hue.DIM, line) : line;
  }

  private void drafts() {
    for (AgentReport agent : result.agents()) {
      agent
          .output(AgentPhase.EXECUTE)
          .filter(output -> !output.isEmpty())
          .ifPresent(
              output -> {
                heading("What " + name(agent) + " has");
                block(Plain.cut(readable(output), MOST_OF_A_DRAFT));
              });
    }
  }

  private void agents() {
    heading(
        String.format(
                Locale.ROOT, ROW, "Agents", "status", "phase", "errors", "calls", "tokens", "USD")
            .strip()
            .replaceFirst("Agents", "Agents  "));
    for (AgentReport agent : result.agents()) {
      AgentPhase phase = agent.phase();
      String row =
          row(
              name(agent),
              agent.status().name(),
              phase == null ? "-" : phase.name(),
              Integer.toString(agent.errors()),
              agent.usage());
      boolean good = agent.status() == AgentStatus.COMPLETED;
      out.append(good ? row : paint.on(Paint.Hue.RED, row)).append('\n');
      String failure = Plain.line(agent.failure());
      if (!failure.isEmpty()) {
        out.append("             ").append(failure).append('\n');
      }
    }
    int errors = result.agents().stream().mapToInt(AgentReport::errors).sum();
    String total = row("total", "", "", Integer.toString(errors), result.usage());
    out.append(paint.on(Paint.Hue.DIM, total)).append("\n");
    if (result.usage().estimatedTokens() > 0) {
      out.append("  charged as an estimate: ");
      out.append(Plain.count(result.usage().estimatedTokens())).append(" tokens, ");
      out.append(money(result.usage().estimatedCost())).append(" USD\n");
    }
    out.append('\n');
  }

  private void repeated(RepeatedCalls repeated) {
    out.append("repeated model calls: ").append(repeated.finished());
    if (repeated.unknown() > 0) {
      out.append("; made again because the process died in them: ").append(repeated.unknown());
    }
    out.append("\n\n");
  }

  private static String row(String name, String status, String phase, String errors, Spend usage) {
    return String.format(
        Locale.ROOT,
        ROW,
        name,
        status,
        phase,
        errors,
        Plain.count(usage.calls()),
        Plain.count(usage.tokens()),
        money(usage.cost()));
  }

  private static String money(BigDecimal amount) {
    return amount.setScale(4, RoundingMode.HALF_UP).toPlainString();
  }

  private void files(RunFolder folder, Path directory) {
    Path path = folder.path();
    Path shown = path.startsWith(directory) ? directory.relativize(path) : path;
    heading("Files in " + shown);
    file(folder.reportFile(), "the report, with proposals and votes");
    file(folder.eventsFile(), Plain.count(folder.events()) + " events, each a line of JSON");
    file(folder.diagramFile(), "who did what, as a Mermaid sequence diagram");
    if (Files.exists(folder.ledgerFile())) {
      file(folder.ledgerFile(), "the audit ledger; governance ledger verify proves it");
    }
  }

  private void file(Path file, String what) {
    out.append(String.format(Locale.ROOT, "  %-12s  ", file.getFileName()));
    out.append(paint.on(Paint.Hue.DIM, what)).append('\n');
  }

  private void heading(String text) {
    out.append(paint.on(Paint.Hue.BOLD, text)).append('\n');
  }

  private String name(AgentReport agent) {
    return EventLines.agent(result.run(), agent.id().value());
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1_000.0);
  }
}
