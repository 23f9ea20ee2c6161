// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process at a run is lost, at any moment: the run ends as it would have, and repeats nothing.
 */
class NodeLossTest {
  private static final int MOMENTS = 40;
  private static final int ROUNDS = 8;
  private static final Duration PAUSE = Duration.ofMillis(700);

  /** Which of two processes is lost. */
  enum Lost {
    COORDINATOR,
    JOINED
  }

  @ParameterizedTest
  @EnumSource(Lost.class)
  void theRunCompletesAndNoFinishedCallIsRepeated(Lost lost) {
    var random = new SplittableRandom(21);
    for (int i = 0; i < MOMENTS; i++) {
      new Scene(talking()).loses(lost, Duration.ofMillis(random.nextLong(1, 6_500)), i);
    }
  }

  @ParameterizedTest
  @EnumSource(Lost.class)
  void whatWasLeftByARevokedAgentHasExactlyOneNewOwner(Lost lost) {
    var random = new SplittableRandom(22);
    for (int i = 0; i < MOMENTS; i++) {
      new Scene(revoked()).loses(lost, Duration.ofMillis(random.nextLong(1, 4_000)), i);
    }
  }

  /** Two processes at one run, each with stores of its own to look through. */
  private static final class Scene {
    private final ManualTime time = Scenes.time();
    private final RecordedCheckpoints checkpoints = new RecordedCheckpoints(Durability.DURABLE);
    private final SharedCoordination one =
        new SharedCoordination(Backends.coordination(time), time);
    private final SharedCoordination two = one.another();
    private final World here = new World();
    private final World there = new World();
    private final Team team;

    Scene(Team team) {
      this.team = team;
    }

    void loses(Lost lost, Duration after, int moment) {
      try (var first = node(one, here).build();
          var second = node(two, there).build()) {
        Orchestration run = first.start(RunRequest.of("Reach something").elsewhere("beta"));
        time.awaitIdle();
        Joined joined = second.join(JoinRequest.of(run.id()).roles("beta"));
        time.advanceWhenIdle(after);
        (lost == Lost.COORDINATOR ? one : two).cut();
        OrchestrationResult result = lost == Lost.COORDINATOR ? taken(run, joined) : toTheEnd(run);

        assertThat(result.status()).as("moment %d", moment).isEqualTo(PipelineStatus.COMPLETED);
        List<String> calls = new ArrayList<>(here.calls());
        calls.addAll(there.calls());
        assertThat(calls).as("moment %d", moment).doesNotHaveDuplicates();
        assertThat(result.agents()).noneMatch(agent -> agent.status() == AgentStatus.RUNNING);
        assertThat(Scenes.events(result, EventTypes.HANDOFF_CREATED)).hasSizeLessThan(2);
        assertThat(Scenes.events(result, EventTypes.HANDOFF_CLAIMED))
            .hasSameSizeAs(Scenes.events(result, EventTypes.HANDOFF_CREATED));
        assertThat(Scenes.events(result, EventTypes.AGENT_REVOKED)).hasSizeLessThan(2);
      }
    }

    private OrchestrationResult toTheEnd(Orchestration run) {
      return Scenes.toTheEnd(run, time);
    }

    private OrchestrationResult taken(Orchestration run, Joined joined) {
      while (!joined.completion().isDone() && time.advanceWhenIdle()) {
        time.awaitIdle();
      }
      JoinEnd end = joined.completion().orTimeout(20, TimeUnit.SECONDS).join();
      return end instanceof JoinEnd.TakenOver over ? toTheEnd(over.run()) : toTheEnd(run);
    }

    private OrchestratorBuilder node(SharedCoordination store, World world) {
      return Orchestrator.builder()
          .time(time)
          .blackboard(store)
          .checkpoints(checkpoints)
          .ledger(new KeptLedger())
          .timeout(Duration.ofMinutes(3))
          .mediation(Set.of())
          .model("m", world.model())
          .team(team);
    }
  }

  /** Two agents that ask, write and tell each other, in turns. */
  private static Team talking() {
    return Team.of(
        DecisionRule.collect(),
        Agent.of("alpha", ctx -> talk(ctx, "alpha", "beta")),
        Agent.of("beta", ctx -> talk(ctx, "beta", "alpha")));
  }

  private static String talk(AgentContext ctx, String self, String other) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < ROUNDS; i++) {
      String reply = ctx.model().ask(Prompt.user(self + " " + i)).text();
      ctx.blackboard().put(self + "/" + i, reply);
      ctx.send(other, reply);
      ctx.receiveFrom(other, PAUSE).ifPresent(message -> all.append(message.content().text()));
      boolean unused = ctx.awaitChange(ctx.proposals(), PAUSE);
    }
    return all.toString();
  }

  /** The second agent is revoked after a while, and the first one goes on with what it left. */
  private static Team revoked() {
    return Team.of(
        DecisionRule.by("alpha"),
        Agent.of(
            "alpha",
            ctx -> {
              while (ctx.handoffs().isEmpty()) {
                boolean unused = ctx.awaitChange(ctx.proposals(), PAUSE);
              }
              return ctx.model().ask(Prompt.user("for two")).text();
            }),
        Agent.of(
                "beta",
                String.class,
                ctx -> {
                  String unused = ctx.model().ask(Prompt.user("beta")).text();
                  boolean unusedToo = ctx.awaitChange(ctx.proposals(), PAUSE);
                  throw Scenes.Mishap.retryable("it fails");
                })
            .errorBudget(new ErrorBudget(3, 5, 1)));
  }
}
