// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.AgentReport;
import io.agentgovernance.BadInputException;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.OutputType;
import io.agentgovernance.core.PipelineConstants;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final List<AgentPhase> ALL = PipelineConstants.AGENT_PHASES_ORDERED;

  @Test
  void everyAgentWalksThroughAllPhasesInOrder() {
    OrchestrationResult result =
        Scenes.run(
            Team.of(
                DecisionRule.collect(),
                Agent.of("one", ctx -> "1"),
                Agent.of("two", ctx -> "2"),
                Agent.of("three", ctx -> "3")));

    assertThat(ALL)
        .containsExactly(
            AgentPhase.BOOTSTRAP,
            AgentPhase.PREFLIGHT,
            AgentPhase.PLAN,
            AgentPhase.EXECUTE,
            AgentPhase.VERIFY,
            AgentPhase.PACKAGE,
            AgentPhase.REPORT,
            AgentPhase.EXIT);
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.agents()).hasSize(3);
    for (AgentReport agent : result.agents()) {
      assertThat(agent.outputs()).extracting(AgentOutput::phase).containsExactlyElementsOf(ALL);
      assertThat(agent.status()).isEqualTo(AgentStatus.COMPLETED);
      assertThat(agent.phase()).isEqualTo(AgentPhase.EXIT);
    }
  }

  @Test
  void outputsHaveTheTypeOfTheirPhase() {
    OrchestrationResult result =
        Scenes.run(Team.of(DecisionRule.by("one"), Agent.of("one", ctx -> "1")));

    assertThat(result.agents().get(0).outputs())
        .extracting(AgentOutput::type)
        .containsExactly(
            OutputType.ALPHA,
            OutputType.ALPHA,
            OutputType.BETA,
            OutputType.BETA,
            OutputType.GAMMA,
            OutputType.GAMMA,
            OutputType.GAMMA,
            OutputType.GAMMA);
  }

  @Test
  void eachPhaseEndsWithItsOutputAndACheckpoint() {
    OrchestrationResult result =
        Scenes.run(Team.of(DecisionRule.by("one"), Agent.of("one", ctx -> "1")));

    List<String> told = new ArrayList<>();
    result.timeline().stream()
        .filter(event -> !Scenes.field(event, "phase").isEmpty())
        .forEach(event -> told.add(event.type() + " " + Scenes.field(event, "phase")));
    List<String> expected = new ArrayList<>();
    for (AgentPhase phase : ALL) {
      expected.add(EventTypes.AGENT_PHASE + " " + phase);
      expected.add(EventTypes.AGENT_OUTPUT + " " + phase);
      expected.add(EventTypes.CHECKPOINT_CREATED + " " + phase);
    }
    assertThat(told).containsExactlyElementsOf(expected);
  }

  @Test
  void aPhaseIsInTheCheckpointStoreBeforeTheNextBegins() {
    var store = new RecordedCheckpoints();
    List<List<AgentPhase>> finishedBefore = new ArrayList<>();
    Agent agent = Agent.of("one", ctx -> "1");
    for (AgentPhase phase : ALL) {
      agent =
          agent.on(
              phase,
              ctx -> {
                finishedBefore.add(store.finishedPhases());
                return "done";
              });
    }

    Scenes.run(
        Orchestrator.builder().checkpoints(store).team(Team.of(DecisionRule.by("one"), agent)));

    for (int i = 0; i < ALL.size(); i++) {
      assertThat(finishedBefore.get(i)).containsExactlyElementsOf(ALL.subList(0, i));
    }
    assertThat(store.finishedPhases()).containsExactlyElementsOf(ALL);
  }

  @Test
  void aBodyGivenToOnReplacesThatPhaseOnly() {
    Agent plain = Agent.of("plain", ctx -> "work");
    Agent changed = Agent.of("changed", ctx -> "work").on(AgentPhase.VERIFY, ctx -> "my own check");

    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.collect(), plain, changed));

    AgentReport one = result.agent("plain").orElseThrow();
    AgentReport other = result.agent("changed").orElseThrow();
    for (AgentPhase phase : ALL) {
      if (phase == AgentPhase.VERIFY) {
        assertThat(other.output(phase)).contains(Payload.text("my own check"));
      } else {
        assertThat(other.output(phase)).isEqualTo(one.output(phase));
      }
    }
  }

  @Test
  void packageIsNotSkippedWhenThereIsNothingToPackage() {
    OrchestrationResult result =
        Scenes.run(Team.of(DecisionRule.collect(), Agent.of("one", ctx -> null)));

    AgentReport agent = result.agents().get(0);
    assertThat(agent.outputs()).extracting(AgentOutput::phase).contains(AgentPhase.PACKAGE);
    assertThat(agent.output()).contains(Payload.empty());
  }

  @Test
  void thePackageHoldsTheDigestOfTheWork() {
    OrchestrationResult result =
        Scenes.run(Team.of(DecisionRule.collect(), Agent.of("one", ctx -> "work")));

    assertThat(result.agents().get(0).output(AgentPhase.PACKAGE).orElseThrow().json())
        .contains(Payload.text("work").digest().hex());
  }

  @Test
  void noPhaseCallsAModelByItself() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model(
                    "never",
                    (request, exchange) -> {
                      throw new AssertionError("called");
                    })
                .team(Team.of(DecisionRule.by("one"), Agent.of("one", ctx -> "work"))));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.usage().calls()).isZero();
  }

  @Test
  void noBarrierHoldsOneAgentUntilAnotherIsInTheSamePhase() {
    Agent quick = Agent.of("quick", ctx -> "done");
    Agent late =
        Agent.of("late", ctx -> "late")
            .on(AgentPhase.BOOTSTRAP, ctx -> ctx.awaitOutput("quick", String.class));

    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.collect(), late, quick));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.agent("late").orElseThrow().output(AgentPhase.BOOTSTRAP))
        .contains(Payload.text("done"));
  }

  @Test
  void aPhaseIsTriedAgainIfTheExceptionSaysItIsWorthIt() {
    var attempts = new AtomicInteger();

    OrchestrationResult result =
        Scenes.run(
            only(
                ctx -> {
                  if (attempts.incrementAndGet() == 1) {
                    throw Mishap.retryable("the line was bad");
                  }
                  return "second time lucky";
                }));

    assertThat(attempts).hasValue(2);
    assertThat(result.solution()).contains(Payload.text("second time lucky"));
    assertThat(result.agents().get(0).errors()).isEqualTo(1);
  }

  @Test
  void anAgentFailsAtOnceIfTheExceptionSaysItIsNotWorthTryingAgain() {
    var attempts = new AtomicInteger();

    OrchestrationResult result =
        Scenes.run(
            only(
                ctx -> {
                  attempts.incrementAndGet();
                  throw Mishap.lasting("no such customer");
                }));

    assertThat(attempts).hasValue(1);
    AgentReport agent = result.agents().get(0);
    assertThat(agent.status()).isEqualTo(AgentStatus.FAILED);
    assertThat(agent.failure()).isEqualTo("no such customer");
    assertThat(agent.errors()).isEqualTo(1);
    assertThat(result.status()).isEqualTo(PipelineStatus.FAILED);
  }

  @Test
  void anExceptionThatSaysNothingFailsTheAgentAndItsMessageStaysOutOfTheReport() {
    OrchestrationResult result =
        Scenes.run(
            only(
                ctx -> {
                  throw new IllegalStateException("password hunter2");
                }));

    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.FAILED);
    assertThat(result.agents().get(0).failure()).isEqualTo("java.lang.IllegalStateException");
    assertThat(result.report()).doesNotContain("hunter2");
  }

  @Test
  void tryingAgainEndsWithTheErrorBudget() {
    var attempts = new AtomicInteger();

    OrchestrationResult result =
        Scenes.run(
            only(
                ctx -> {
                  attempts.incrementAndGet();
                  throw Mishap.retryable("always the same");
                }));

    assertThat(attempts).hasValue(3);
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.REVOKED);
  }

  @Test
  void aFailedAgentKeepsTheOutputsOfItsFinishedPhases() {
    OrchestrationResult result =
        Scenes.run(
            only(
                ctx -> {
                  throw Mishap.lasting("no");
                }));

    assertThat(result.agents().get(0).outputs())
        .extracting(AgentOutput::phase)
        .containsExactly(AgentPhase.BOOTSTRAP, AgentPhase.PREFLIGHT, AgentPhase.PLAN);
  }

  @Test
  void revokedIsNoPhaseToReplace() {
    assertThatThrownBy(() -> Agent.of("one", ctx -> "1").on(AgentPhase.REVOKED, ctx -> "no"))
        .isInstanceOf(BadInputException.class);
  }

  private static Team only(AgentBody<String> body) {
    return Team.of(DecisionRule.by("one"), Agent.of("one", body));
  }
}
