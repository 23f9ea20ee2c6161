// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.MetricsSnapshot.Figures;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MetricsCollectorTest {
  private static final Instant AT = Instant.parse("2026-01-24T10:15:30Z");
  private static final AgentId ALPHA = AgentId.of("r1-alpha");

  private final MetricsCollector metrics = new MetricsCollector();
  private long sequence;

  @Test
  void followsARunFromItsFirstEventToItsLast() {
    pass(0, "orchestration_started", "{}");
    pass(1, "pipeline_status", "{'status':'ORCHESTRATING'}");
    pass(2, "agent_status", "{'agent_id':'r1-alpha','from':'PENDING','to':'RUNNING'}");
    pass(2, "agent_phase", "{'agent_id':'r1-alpha','phase':'BOOTSTRAP'}");
    pass(5, "usage", usage("r1-alpha", 100, 20, "0.0012"));
    pass(6, "error_recorded", "{'agent_id':'r1-alpha','signature':'s'}");
    pass(7, "action_denied", "{'agent_id':'r1-beta','action':'tool:x'}");
    pass(9, "agent_output", "{'agent_id':'r1-alpha','phase':'BOOTSTRAP'}");
    pass(9, "agent_phase", "{'agent_id':'r1-alpha','phase':'PREFLIGHT'}");
    pass(12, "agent_status", "{'agent_id':'r1-alpha','from':'RUNNING','to':'FAILED'}");
    pass(12, "agent_message", "{'from':'r1-beta','to':'*'}");
    pass(13, "pipeline_status", "{'from':'ORCHESTRATING','status':'FAILED'}");
    pass(13, "orchestration_complete", "{'status':'FAILED','results':{}}");

    MetricsSnapshot snapshot = metrics.snapshot();
    MetricsSnapshot.Run run = snapshot.runs().get(0);
    assertThat(run.run()).isEqualTo(RunId.of("r1"));
    assertThat(run.status()).isEqualTo(PipelineStatus.FAILED);
    assertThat(run.startedAt()).isEqualTo(AT);
    assertThat(run.duration()).isEqualTo(Duration.ofSeconds(13));
    assertThat(snapshot.ended()).containsOnly(java.util.Map.entry(PipelineStatus.FAILED, 1L));
    assertThat(run.agents().keySet()).containsExactly(ALPHA, AgentId.of("r1-beta"));
    assertThat(run.agents().get(ALPHA).status()).isEqualTo(AgentStatus.FAILED);

    for (Figures figures : List.of(run.figures(), snapshot.totals())) {
      assertThat(figures.modelCalls()).isEqualTo(1);
      assertThat(figures.promptTokens()).isEqualTo(100);
      assertThat(figures.completionTokens()).isEqualTo(20);
      assertThat(figures.cost()).isEqualByComparingTo("0.0012");
      assertThat(figures.errors()).isEqualTo(1);
      assertThat(figures.denials()).isEqualTo(1);
      assertThat(figures.events("agent_phase")).isEqualTo(2);
      assertThat(figures.events("never")).isZero();
      assertThat(figures.phase(AgentPhase.BOOTSTRAP)).isEqualTo(Duration.ofSeconds(7));
      assertThat(figures.phase(AgentPhase.PREFLIGHT)).isEqualTo(Duration.ofSeconds(3));
      assertThat(figures.phase(AgentPhase.PLAN)).isZero();
    }
    Figures beta = run.agents().get(AgentId.of("r1-beta")).figures();
    assertThat(beta.denials()).isEqualTo(1);
    assertThat(beta.errors()).isZero();
    assertThat(beta.events("agent_message")).isEqualTo(1);
  }

  @Test
  @Timeout(60)
  void sumsAreExactUnderSixteenThreads() throws InterruptedException {
    int each = 1_000;
    List<Thread> threads =
        IntStream.range(0, 16)
            .mapToObj(
                number ->
                    new Thread(
                        () -> {
                          for (int i = 1; i <= each; i++) {
                            String agent = i % 2 == 0 ? "r1-alpha" : "r1-beta";
                            String run = i % 4 < 2 ? "r1" : "r" + (number + 2);
                            metrics.onEvent(
                                event(run, i, 0, "usage", usage(agent, i, 2L * i, "0.000001")));
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    MetricsSnapshot snapshot = metrics.snapshot();
    long sum = 16L * each * (each + 1) / 2;
    assertThat(snapshot.totals().modelCalls()).isEqualTo(16L * each);
    assertThat(snapshot.totals().promptTokens()).isEqualTo(sum);
    assertThat(snapshot.totals().completionTokens()).isEqualTo(2 * sum);
    assertThat(snapshot.totals().cost()).isEqualByComparingTo("0.016");
    assertThat(snapshot.runs()).hasSize(17);
    assertThat(snapshot.runs().stream().mapToLong(run -> run.figures().promptTokens()).sum())
        .isEqualTo(sum);
    assertThat(
            snapshot.runs().stream()
                .flatMap(run -> run.agents().values().stream())
                .map(agent -> agent.figures().cost())
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo("0.016");
  }

  @Test
  void knowsTheLatestRunsAndSumsThemAll() {
    var small = new MetricsCollector(2);
    for (String run : List.of("a", "b", "a", "c")) {
      small.onEvent(event(run, 1, 0, "usage", usage("x", 1, 1, "1")));
    }

    assertThat(small.snapshot().runs())
        .extracting(run -> run.run().value())
        .containsExactly("a", "c");
    assertThat(small.snapshot().totals().modelCalls()).isEqualTo(4);
    assertThatThrownBy(() -> new MetricsCollector(0)).isInstanceOf(BadInputException.class);
  }

  @Test
  void takesEventsOfAHostAsTheyCome() {
    pass(0, "usage", "{'agent_id':7,'prompt_tokens':'many','cost':null}");
    pass(0, "agent_phase", "{'agent_id':'Not An Id','phase':'LUNCH'}");
    pass(0, "agent_status", "{'agent_id':'r1-alpha','to':'BORED'}");
    pass(0, "pipeline_status", "{'status':'UNHEARD_OF'}");

    MetricsSnapshot.Run run = metrics.snapshot().runs().get(0);
    assertThat(run.figures().modelCalls()).isEqualTo(1);
    assertThat(run.figures().promptTokens()).isZero();
    assertThat(run.status()).isEqualTo(PipelineStatus.SPAWNED);
    assertThat(run.agents().get(ALPHA).status()).isEqualTo(AgentStatus.PENDING);
    assertThat(run.agents()).hasSize(1);
  }

  @Test
  void typesAndAgentsOfAHostAreBounded() {
    for (int i = 0; i < 2_000; i++) {
      pass(0, "type-" + i, "{'agent_id':'agent-" + i + "'}");
    }

    MetricsSnapshot.Run run = metrics.snapshot().runs().get(0);
    assertThat(run.agents()).hasSize(MetricsCollector.MAX_AGENTS);
    assertThat(run.figures().events()).hasSize(Tally.MAX_TYPES + 1);
    assertThat(run.figures().events(Tally.OTHER)).isEqualTo(2_000L - Tally.MAX_TYPES);
  }

  @Test
  void aClockSetBackMakesNoTimeNegative() {
    pass(9, "agent_phase", "{'agent_id':'r1-alpha','phase':'PLAN'}");
    pass(3, "agent_output", "{'agent_id':'r1-alpha','phase':'PLAN'}");

    MetricsSnapshot.Run run = metrics.snapshot().runs().get(0);
    assertThat(run.figures().phases()).containsEntry(AgentPhase.PLAN, Duration.ZERO);
    assertThat(run.duration()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void aSnapshotStaysAsItWas() {
    pass(0, "usage", usage("r1-alpha", 1, 1, "1"));
    MetricsSnapshot before = metrics.snapshot();
    pass(1, "usage", usage("r1-alpha", 1, 1, "1"));

    assertThat(before.totals().modelCalls()).isEqualTo(1);
    assertThat(before.runs().get(0).figures().events("usage")).isEqualTo(1);
  }

  private void pass(long seconds, String type, String data) {
    metrics.onEvent(event("r1", ++sequence, seconds, type, data));
  }

  private static String usage(String agent, long prompt, long completion, String cost) {
    return "{'agent_id':'%s','prompt_tokens':%d,'completion_tokens':%d,'cost':%s}"
        .formatted(agent, prompt, completion, cost);
  }

  private static Event event(String run, long sequence, long seconds, String type, String data) {
    return new Event(
        sequence,
        AT.plusSeconds(seconds),
        RunId.of(run),
        type,
        Payload.json(data.replace('\'', '"')));
  }
}
