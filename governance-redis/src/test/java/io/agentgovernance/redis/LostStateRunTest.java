// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** A Redis that keeps nothing is killed under a run, and comes back empty (F10). */
@Timeout(90)
class LostStateRunTest {
  private static final int ROUNDS = 10;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Set<String> kept = ConcurrentHashMap.newKeySet();
  private final Set<String> repeated = ConcurrentHashMap.newKeySet();
  private final CountDownLatch halfWay = new CountDownLatch(ROUNDS / 2);

  @RepeatedTest(2)
  void theRunIsMadeAgainFromItsCheckpointsAndRepeatsNoFinishedCall() throws Exception {
    try (RedisServer redis = RedisServer.start();
        Orchestrator orchestrator = node(redis)) {
      Orchestration run = orchestrator.start(RunRequest.of("Count to ten"));
      assertThat(halfWay.await(30, TimeUnit.SECONDS)).isTrue();
      redis.kill();
      redis.restart();

      OrchestrationResult left = run.completion().get(60, TimeUnit.SECONDS);
      assertThat(left.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
      assertThat(left.outcome())
          .isInstanceOfSatisfying(
              Outcome.Failed.class,
              failed -> assertThat(failed.code()).isIn("STATE_LOST", "COORDINATION", "LEASE_LOST"));
      assertThat(orchestrator.unfinished(10)).extracting(each -> each.run()).contains(run.id());

      OrchestrationResult result =
          orchestrator.resume(run.id()).completion().get(60, TimeUnit.SECONDS);
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(repeated).isEmpty();
      assertThat(result.timeline())
          .filteredOn(event -> event.type().equals(EventTypes.BLACKBOARD_WRITE))
          .as("no committed value is missing")
          .hasSize(ROUNDS);
    }
  }

  private Orchestrator node(RedisServer redis) {
    return Orchestrator.builder()
        .blackboard(redis.uri() + "?leaseTtl=2s")
        .mediation(Set.of())
        .model(
            "counted",
            (request, exchange) -> {
              String asked = request.messages().get(0).text();
              if (kept.contains(asked)) {
                repeated.add(asked);
              }
              return ChatReply.of("re: " + asked, Usage.of(1, 1), "counted");
            })
        .team(Team.of(DecisionRule.by("one"), Agent.of("one", this::work)))
        .build();
  }

  private String work(AgentContext ctx) {
    for (int i = 0; i < ROUNDS; i++) {
      String asked = "question " + i;
      String reply = ctx.model().ask(Prompt.user(asked)).text();
      kept.add(asked);
      ctx.blackboard().put("answer", reply);
      halfWay.countDown();
      boolean unused = ctx.awaitChange(ctx.proposals(), PAUSE);
    }
    return "done";
  }
}
