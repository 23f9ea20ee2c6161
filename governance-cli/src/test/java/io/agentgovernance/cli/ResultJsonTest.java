// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.MediationReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResultJsonTest {
  private static final RunId RUN = RunId.of("r1");
  private static final AgentId ALPHA = AgentId.of("r1-alpha");
  private static final AgentId BETA = AgentId.of("r1-beta");
  private static final AgentId GAMMA = AgentId.of("r1-gamma");
  private static final Instant AT = Instant.parse("2026-01-24T10:15:30Z");
  private static final Spend SPENT =
      Spend.NONE.settled(100, 20, new BigDecimal("0.0125")).estimated(50, new BigDecimal("0.01"));

  private static AgentReport agent(
      AgentId id, AgentRole role, AgentStatus status, String failure, List<AgentOutput> outputs) {
    return new AgentReport(
        id,
        role,
        status,
        status == AgentStatus.REVOKED ? AgentPhase.REVOKED : AgentPhase.EXIT,
        outputs,
        failure.isEmpty() ? 0 : 8,
        0,
        failure,
        SPENT,
        null,
        AgentReport.ThreadState.ENDED);
  }

  private static OrchestrationResult result(Outcome outcome) {
    Payload draft = Payload.of(Map.of("title", "Plan", "body", "Use a cache."));
    Proposal proposal =
        new Proposal(
            "r1-alpha/1",
            ALPHA,
            draft,
            draft.digest(),
            Set.of(BETA),
            1,
            List.of(new Ballot(BETA, Ballot.Choice.ACCEPT, "covers it", AT)),
            Proposal.State.ACCEPTED,
            Proposal.BY_QUORUM,
            AT,
            AT);
    Handoff handoff =
        new Handoff(
            "r1-alpha/handoff",
            ALPHA,
            "TOTAL_ERRORS",
            AgentPhase.EXECUTE,
            List.of(),
            List.of(),
            List.of(),
            1,
            Handoff.State.CLAIMED,
            BETA,
            AT);
    return new OrchestrationResult(
        RUN,
        "Design a cache",
        outcome,
        List.of(
            agent(ALPHA, AgentRole.ALPHA, AgentStatus.REVOKED, "TOTAL_ERRORS", List.of()),
            agent(
                BETA,
                AgentRole.BETA,
                AgentStatus.COMPLETED,
                "",
                List.of(AgentOutput.of(RUN, BETA, AgentPhase.EXECUTE, draft, AT)))),
        List.of(proposal),
        List.of(new MediationReport(GAMMA, MediationReason.STUCK, AgentStatus.COMPLETED)),
        List.of(handoff),
        List.of(),
        SPENT,
        List.of(),
        0,
        Duration.ofMillis(1500),
        0,
        List.of(),
        null);
  }

  private static Payload json(Outcome outcome) {
    RunFolder folder = RunFolder.find(Path.of("/srv"), "/srv/out", RUN);
    return Payload.json(ResultJson.of(new Delivery(result(outcome), null), folder));
  }

  @Test
  void hasTheGoldenForm() throws IOException {
    Payload golden;
    try (InputStream in = ResultJsonTest.class.getResourceAsStream("/wire/v1/run-result.json")) {
      golden = Payload.json(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    Payload json = json(new Outcome.Accepted(Payload.of(Map.of("body", "Use a cache.")), "QUORUM"));

    assertThat(json.json()).isEqualTo(golden.json());
  }

  @Test
  void everyOutcomeHasItsFields() {
    ApprovalRequest request =
        new ApprovalRequest(
            "a1",
            RUN,
            BETA,
            "tool:pay",
            "Pay?",
            Payload.text("1"),
            Payload.text("1").digest(),
            "p",
            AT,
            AT);

    assertThat(json(new Outcome.NoConsensus("none was accepted")).at("/outcome"))
        .contains(Payload.of(Map.of("kind", "NO_CONSENSUS", "reason", "none was accepted")));
    assertThat(json(new Outcome.TimedOut(Duration.ofSeconds(2))).at("/outcome"))
        .contains(Payload.of(Map.of("kind", "TIMED_OUT", "after_ms", 2000)));
    assertThat(json(new Outcome.Stopped("host", "enough")).at("/outcome"))
        .contains(Payload.of(Map.of("kind", "STOPPED", "by", "host", "reason", "enough")));
    assertThat(json(new Outcome.Failed("LEDGER", "it is gone")).at("/outcome"))
        .contains(Payload.of(Map.of("kind", "FAILED", "code", "LEDGER", "message", "it is gone")));
    assertThat(json(new Outcome.AwaitingApproval(List.of(request))).at("/outcome/pending/0/action"))
        .contains(Payload.text("tool:pay"));
  }

  @Test
  void withoutASolutionItIsNull() {
    assertThat(json(new Outcome.Stopped("host", "enough")).at("/solution"))
        .contains(Payload.empty());
  }
}
