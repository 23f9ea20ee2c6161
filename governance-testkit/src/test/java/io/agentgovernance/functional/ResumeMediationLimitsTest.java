// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.MediationReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.ResumeRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Mediation;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentStatus;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What a mediator had used before a crash counts. */
class ResumeMediationLimitsTest extends ResumedLimits {
  @Test
  void aMediatorThatEndedIsNotSpawnedAgainForTheSameReason() {
    var spawned = new AtomicInteger();
    Left left = Processes.after(Duration.ofSeconds(50), stuck(spawned));
    assertThat(left.commands(Command.Spawn.class)).hasSize(3);
    assertThat(spawned).hasValue(1);

    OrchestrationResult result = Processes.resume(left, stuck(spawned));

    assertThat(spawned).hasValue(1);
    assertThat(result.mediations())
        .extracting(MediationReport::reason)
        .containsExactly(MediationReason.STUCK);
  }

  @Test
  void aRunThatWasNotMediatedYetIs() {
    var spawned = new AtomicInteger();
    Left left = Processes.after(Duration.ofSeconds(20), stuck(spawned));
    assertThat(spawned).hasValue(0);

    Processes.resume(left, stuck(spawned));

    assertThat(spawned).hasValue(1);
  }

  private static OrchestratorBuilder stuck(AtomicInteger spawned) {
    AgentBody<String> waits = ctx -> "" + ctx.receiveFrom("other", LIMIT).isPresent();
    return Orchestrator.builder()
        .timeout(LIMIT.multipliedBy(2))
        .team(
            Team.of(
                    DecisionRule.by("one"),
                    Agent.of("one", waits),
                    Agent.of("other", ctx -> "" + ctx.receiveFrom("one", LIMIT).isPresent()))
                .mediator(Agent.of("GAMMA", ctx -> "spawned " + spawned.incrementAndGet())));
  }

  @Test
  void roundsOfAMediatorBeforeTheCrashCount() {
    var dead = new World();
    var alive = new World();
    Left whole = Processes.ended(mediated(dead, ResumeMediationLimitsTest::asks));
    assertThat(dead.calls()).hasSize(Mediation.MAX_ROUNDS);
    Left left = whole.upTo(nth(Processes.journaled("model"), 3));

    OrchestrationResult result =
        Processes.resume(left, mediated(alive, ResumeMediationLimitsTest::asks));

    assertThat(alive.calls()).hasSize(Mediation.MAX_ROUNDS - 3);
    assertThat(result.mediations())
        .extracting(MediationReport::status)
        .containsExactly(AgentStatus.TIMED_OUT);
  }

  @Test
  void actionsOfAMediatorBeforeTheCrashCount() {
    Left whole = Processes.ended(mediated(new World(), ResumeMediationLimitsTest::writes));
    assertThat(whole.blackboard()).hasSize(Mediation.MAX_ACTIONS);
    Left left = whole.upTo(nth(Processes.journaled("put"), 4));

    var store = left.store();
    Processes.resume(
        ResumeRequest.of(left.run()),
        store,
        mediated(new World(), ResumeMediationLimitsTest::writes),
        Scenes.time());

    assertThat(Left.of(store, left.run()).blackboard()).hasSize(Mediation.MAX_ACTIONS);
  }

  private static String writes(AgentContext ctx) {
    for (int i = 0; ; i++) {
      ctx.blackboard().put("key-" + i, i);
    }
  }

  private static OrchestratorBuilder mediated(World world, AgentBody<String> mediator) {
    return Orchestrator.builder()
        .model("m", world.model())
        .complexity((objective, documents) -> 1)
        .mediation(EnumSet.of(MediationReason.COMPLEXITY))
        .team(
            Team.of(
                    DecisionRule.by("one"),
                    Agent.of("one", ctx -> "" + ctx.receive(Duration.ofSeconds(60)).isPresent()))
                .mediator(Agent.of("GAMMA", mediator)));
  }

  private static Predicate<Delta> nth(Predicate<Delta> kind, int number) {
    var seen = new AtomicInteger();
    return delta -> kind.test(delta) && seen.incrementAndGet() == number;
  }
}
