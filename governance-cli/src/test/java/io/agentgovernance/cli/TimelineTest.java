// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.RunId;
import io.agentgovernance.event.Event;
import io.agentgovernance.payload.Payload;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final RunId RUN = RunId.of("r1");
  private static final Instant START = Instant.parse("2026-01-24T10:15:30Z");
  private static final Terminal SCREEN =
      new Terminal(Terminal.Kind.FILE, Terminal.Kind.TERMINAL, Terminal.Color.ON_TERMINALS, 60);

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long sequence;

  private Event event(String type, Map<String, ?> data) {
    sequence++;
    return new Event(sequence, START.plusMillis(sequence * 100 - 100), RUN, type, Payload.of(data));
  }

  private Timeline timeline(Timeline.Detail detail, Terminal terminal) {
    return new Timeline(new PrintStream(err, true, UTF_8), detail, terminal);
  }

  private List<String> shown(Event... events) {
    try (Timeline timeline = timeline(Timeline.Detail.ALL, Terminal.NONE)) {
      for (Event event : events) {
        timeline.show(event);
      }
    }
    return err.toString(UTF_8).lines().toList();
  }

  @Test
  void tellsTheStoryOfARun() {
    assertThat(
            shown(
                event("orchestration_started", Map.of("model", "local:")),
                event(
                    "agent_spawned", Map.of("agent_id", "r1-alpha", "role", "ALPHA", "tier", "T1")),
                event("agent_phase", Map.of("agent_id", "r1-alpha", "phase", "BOOTSTRAP")),
                event("agent_phase", Map.of("agent_id", "r1-alpha", "phase", "EXECUTE")),
                event(
                    "proposal_posted",
                    Map.of(
                        "author",
                        "r1-alpha",
                        "proposal_id",
                        "p",
                        "electorate",
                        List.of("r1-beta"))),
                event(
                    "vote_cast",
                    Map.of("proposal_id", "p", "choice", "REJECT", "voter", "r1-beta")),
                event(
                    "agent_message", Map.of("from", "r1-beta", "to", "r1-alpha", "content", "no")),
                event(
                    "agent_spawned", Map.of("agent_id", "r1-gamma", "role", "GAMMA", "tier", "T4")),
                event("gamma_spawned", Map.of("agent_id", "r1-gamma", "reason", "CONFLICT")),
                event(
                    "consensus_reached",
                    Map.of(
                        "proposal_id",
                        "p",
                        "decided_by",
                        "GAMMA",
                        "uncontested",
                        false,
                        "votes",
                        Map.of("accept", 0, "reject", 1))),
                event("solution_written", Map.of("agent_id", "r1-beta")),
                event("orchestration_complete", Map.of("status", "COMPLETED"))))
        .containsExactly(
            "  0.00 s  run     starts with model local:",
            "  0.10 s  ALPHA   spawned, tier T1",
            "  0.30 s  ALPHA   works",
            "  0.40 s  ALPHA   posts proposal 1; votes: BETA",
            "  0.50 s  BETA    rejects proposal 1",
            "  0.60 s  BETA    sends a message to ALPHA",
            "  0.80 s  GAMMA   mediates because of CONFLICT: too many proposals without a decision",
            "  0.90 s  run     consensus on proposal 1 (0 : 1, decided by GAMMA)",
            "  1.00 s  BETA    writes the solution",
            "  1.10 s  run     COMPLETED");
  }

  @Test
  void tellsOfTrouble() {
    assertThat(
            shown(
                event(
                    "error_recorded",
                    Map.of("agent_id", "r1-alpha", "signature", "model: RATE_LIMITED", "total", 7)),
                event("budget_warning", Map.of("agent_id", "r1-alpha", "kind", "errors")),
                event("plan_clarified", Map.of("agent_id", "r1-alpha", "reason", "half is used")),
                event("agent_revoked", Map.of("agent_id", "r1-alpha", "reason", "TOTAL_ERRORS")),
                event("handoff_created", Map.of("from", "r1-alpha", "handoff_id", "h")),
                event("handoff_claimed", Map.of("agent_id", "r1-beta", "from", "r1-alpha")),
                event(
                    "action_denied",
                    Map.of(
                        "agent_id",
                        "r1-beta",
                        "action",
                        "tool:transfer",
                        "policy",
                        "tier",
                        "rule",
                        "T3",
                        "reason",
                        "needs T3")),
                event("circuit_state", Map.of("model", "m", "from", "CLOSED", "to", "OPEN")),
                event("gate_opened", Map.of("agent_id", "r1-beta", "action", "tool:pay")),
                event(
                    "gate_decided",
                    Map.of("agent_id", "r1-beta", "action", "tool:pay", "state", "DENIED")),
                event(
                    "agent_status",
                    Map.of("agent_id", "r1-beta", "from", "RUNNING", "to", "FAILED")),
                event("stop_requested", Map.of("by", "host", "reason", "interrupted")),
                event("something_new", Map.of("agent_id", "r1-beta"))))
        .extracting(line -> line.substring(10))
        .containsExactly(
            "ALPHA   error 7: model: RATE_LIMITED",
            "ALPHA   is close to its limit of errors",
            "ALPHA   clarifies its plan: half is used",
            "ALPHA   is REVOKED: TOTAL_ERRORS",
            "ALPHA   hands off what it has",
            "BETA    takes over from ALPHA",
            "BETA    is denied tool:transfer by tier (T3): needs T3",
            "run     circuit breaker of m: OPEN",
            "BETA    waits for a person: tool:pay",
            "BETA    has an answer for tool:pay: DENIED",
            "BETA    ends FAILED",
            "run     stop asked for by host: interrupted");
  }

  @Test
  void textOfModelsCannotSteerTheTerminal() {
    assertThat(
            shown(
                event(
                    "agent_revoked",
                    Map.of("agent_id", "r1-alpha", "reason", "\u001b]0;x\u0007two\nlines\u202e"))))
        .containsExactly("  0.00 s  ALPHA   is REVOKED: ]0;xtwo lines");
  }

  @Test
  void aTerminalHasALineOfProgressThatGoesAway() {
    try (Timeline timeline = timeline(Timeline.Detail.ALL, SCREEN.plain())) {
      timeline.show(event("orchestration_started", Map.of("model", "m")));
      timeline.show(event("agent_phase", Map.of("agent_id", "r1-alpha", "phase", "PLAN")));
      timeline.show(event("usage", Map.of("prompt_tokens", 1200, "completion_tokens", 34)));
      timeline.tick(START.plusSeconds(2));
    }

    String text = err.toString(UTF_8);
    assertThat(text).contains("2.00 s  ALPHA PLAN  1 call  1,234 tokens").endsWith("\r\u001b[2K");
  }

  @Test
  void coloursAreForTerminalsThatWantThem() {
    Event event = event("solution_written", Map.of("agent_id", "r1-beta"));
    try (Timeline timeline = timeline(Timeline.Detail.ALL, SCREEN)) {
      timeline.show(event);
    }
    String coloured = err.toString(UTF_8);
    err.reset();
    try (Timeline timeline = timeline(Timeline.Detail.ALL, SCREEN.plain())) {
      timeline.show(event);
    }

    assertThat(coloured).contains("\u001b[32mwrites the solution\u001b[0m");
    assertThat(err.toString(UTF_8)).doesNotContain("\u001b[32m");
  }

  @Test
  void quietShowsWarningsOnly() {
    try (Timeline timeline = timeline(Timeline.Detail.WARNINGS, SCREEN.plain())) {
      timeline.note("run r1");
      timeline.show(event("orchestration_started", Map.of("model", "m")));
      timeline.tick(START.plusSeconds(2));
      timeline.warn("a\nledger");
    }

    assertThat(err.toString(UTF_8)).isEqualTo("warning: a ledger\n");
  }
}
