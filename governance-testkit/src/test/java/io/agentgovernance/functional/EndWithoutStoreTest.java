// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.FaultyCoordination;
import io.agentgovernance.testkit.StoreFault;
import io.agentgovernance.time.TimeSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What the end of a run asks of a store that does not answer, when agents are in calls that cannot
 * be aborted: each question would keep the result waiting for as long as a call is tried.
 */
@Timeout(60)
class EndWithoutStoreTest {
  private final CountDownLatch inCalls = new CountDownLatch(3);
  private final CountDownLatch answer = new CountDownLatch(1);
  private final FaultyCoordination store =
      new FaultyCoordination(Backends.coordination(TimeSource.system()), TimeSource.system());

  @AfterEach
  void end() {
    answer.countDown();
  }

  @Test
  void theEndAsksItOnceAndNotForEachAgent() throws Exception {
    try (Orchestrator orchestrator = three().build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Ask"));
      assertThat(inCalls.await(20, TimeUnit.SECONDS)).isTrue();
      store.inject(
          new StoreFault.Unavailable(), Command.Estimate.class, Command.SetAgentStatus.class);
      run.stop("enough");
      OrchestrationResult result = run.completion().get(20, TimeUnit.SECONDS);

      assertThat(result.outcome()).isEqualTo(new Outcome.Stopped("host", "enough"));
      assertThat(result.agents()).hasSize(3).allMatch(a -> a.status() == AgentStatus.STOPPED);
      assertThat(store.hits()).isEqualTo(1);
      store.heal();
    }
  }

  @Test
  void aRunThatIsLeftDoesNotAskItAtAll() throws Exception {
    Orchestration run;
    try (Orchestrator orchestrator =
        three().checkpoints(new RecordedCheckpoints(Durability.DURABLE)).build()) {
      run = orchestrator.start(RunRequest.of("Ask"));
      assertThat(inCalls.await(20, TimeUnit.SECONDS)).isTrue();
      store.inject(
          new StoreFault.Unavailable(), Command.Estimate.class, Command.SetAgentStatus.class);
    }

    OrchestrationResult left = run.completion().get(20, TimeUnit.SECONDS);
    assertThat(left.warnings()).filteredOn(each -> each.contains("was abandoned")).hasSize(3);
    assertThat(store.hits()).isZero();
  }

  private OrchestratorBuilder three() {
    return Orchestrator.builder()
        .blackboard(store)
        .mediation(Set.of())
        .model("deaf", (request, exchange) -> deaf())
        .team(
            Team.of(
                DecisionRule.collect(),
                Agent.of("one", EndWithoutStoreTest::ask),
                Agent.of("two", EndWithoutStoreTest::ask),
                Agent.of("three", EndWithoutStoreTest::ask)));
  }

  private static String ask(AgentContext ctx) {
    return ctx.model().ask(Prompt.user("question")).text();
  }

  private ChatReply deaf() {
    inCalls.countDown();
    while (answer.getCount() > 0) {
      try {
        answer.await();
      } catch (InterruptedException e) {
        // it is deaf
      }
    }
    return Scenes.reply("late");
  }
}
