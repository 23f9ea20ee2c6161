// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which calls keep a run from being stuck. */
class MediationClockTest extends MediatedTeams {
  @Test
  void aSlowModelCallAloneIsNotStuck() {
    OrchestrationResult result =
        Scenes.run(asking().model("slow", taking(Duration.ofSeconds(50))), Scenes.time());

    assertThat(result.mediations()).isEmpty();
    assertThat(result.activeTime()).isEqualTo(Duration.ofSeconds(50));
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void waitingAsLongForNothingIsStuck() {
    AgentBody<String> waits =
        ctx -> {
          ctx.receive(Duration.ofSeconds(50));
          return "";
        };

    OrchestrationResult result =
        Scenes.run(Orchestrator.builder().team(two(waits, waits)), Scenes.time());

    assertThat(result.mediations()).hasSize(1);
  }

  @Test
  void aSlowToolCallAloneIsNotStuck() {
    ManualTime time = Scenes.time();
    Tool slow =
        Tool.of(
                "slow",
                Map.class,
                String.class,
                (input, call) -> {
                  time.waiter().await(Duration.ofSeconds(50));
                  return "done";
                })
            .effect(Effect.READ)
            .requires(TrustTier.T1)
            .timeout(Duration.ofSeconds(60));
    Agent one = Agent.of("one", ctx -> ctx.tools().call("slow", Map.of()).text()).tools("slow");

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder().tools(slow).team(Team.of(DecisionRule.by("one"), one)), time);

    assertThat(result.mediations()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  @Test
  void aModelCallPausesTheClockForItsOwnTimeoutAndNoLonger() {
    ChatModel deaf =
        (request, exchange) -> {
          long end = exchange.time().ticks() + Duration.ofSeconds(100).toNanos();
          TimeSource.Waiter waiter = exchange.time().waiter();
          while (exchange.time().ticks() < end) {
            try {
              waiter.await(Duration.ofNanos(end - exchange.time().ticks()));
            } catch (InterruptedException e) {
              // deaf to interruption
            }
          }
          return Scenes.reply("late");
        };

    OrchestrationResult result =
        Scenes.run(asking().callTimeout(Duration.ofSeconds(60)).model("deaf", deaf), Scenes.time());

    assertThat(spawnedAfter(result)).containsExactly(Duration.ofSeconds(60 + 30));
  }

  @Test
  void streamedTokensAreProgressAlsoBeyondTheThreshold() {
    ChatModel streaming =
        (request, exchange) -> {
          TimeSource.Waiter waiter = exchange.time().waiter();
          for (int i = 0; i < 5; i++) {
            waiter.await(Duration.ofSeconds(10));
            exchange.delta("word ");
          }
          return Scenes.reply("words");
        };

    OrchestrationResult result = Scenes.run(asking().model("streaming", streaming), Scenes.time());

    assertThat(result.mediations()).isEmpty();
    assertThat(Scenes.events(result, EventTypes.PROGRESS)).isNotEmpty();
  }

  @Test
  void aCallThatBeginsJustBeforeTheThresholdDoesNotKeepTheClockTurning() {
    ManualTime time = Scenes.time();
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              ctx.receive(Duration.ofSeconds(30).minusNanos(1));
              return ctx.model().ask(Prompt.user("slow?")).text();
            });
    Agent other =
        Agent.of(
            "other",
            ctx -> {
              ctx.receive(HOUR);
              return "";
            });

    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model("slow", taking(Duration.ofSeconds(50)))
                .team(Team.of(DecisionRule.by("one"), one, other)),
            time);

    assertThat(result.mediations()).isEmpty();
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
  }

  private static Team two(AgentBody<String> one, AgentBody<String> other) {
    return Team.of(DecisionRule.collect(), Agent.of("one", one), Agent.of("other", other))
        .mediator(Agent.of("GAMMA", ctx -> ""));
  }

  private static OrchestratorBuilder asking() {
    return Orchestrator.builder()
        .team(
            two(
                ctx -> ctx.model().ask(Prompt.user("slow?")).text(),
                ctx -> ctx.awaitOutput("one", String.class)));
  }

  private static ChatModel taking(Duration time) {
    return (request, exchange) -> {
      exchange.time().waiter().await(time);
      return Scenes.reply("at last");
    };
  }
}
