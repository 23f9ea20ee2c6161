// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a run whose store is silent for longer than a call may take (F15). */
@Timeout(90)
class SilentStoreRunTest {
  private static final int VALUES = 5;

  private final RedisServer redis = RedisServer.start();
  private final FaultProxy proxy = FaultProxy.to(redis.port());

  private String uri() {
    return "redis://127.0.0.1:" + proxy.port() + "?commandTimeout=400ms&leaseTtl=20s";
  }

  private OrchestrationResult run(AgentBody<String> work) throws Exception {
    try (redis;
        proxy;
        Orchestrator orchestrator =
            Orchestrator.builder()
                .blackboard(uri())
                .model("local:")
                .mediation(Set.of())
                .team(Team.of(DecisionRule.by("one"), Agent.of("one", work)))
                .build()) {
      try {
        return orchestrator
            .start(RunRequest.of("Write some values"))
            .completion()
            .get(60, TimeUnit.SECONDS);
      } finally {
        proxy.heal();
      }
    }
  }

  private static String write(AgentContext ctx) {
    for (int i = 0; i < VALUES; i++) {
      ctx.blackboard().put("key", "value " + i);
    }
    return "done";
  }

  @Test
  void itGoesOnIfTheStoreIsSilentForAMomentAndNoValueIsThereTwice() throws Exception {
    OrchestrationResult result =
        run(
            ctx -> {
              try (RedisCoordination probe = TestRun.open(uri())) {
                TestRun other = TestRun.in(probe);
                proxy.hold();
                Thread healer =
                    new Thread(
                        () -> {
                          for (int i = 0; i < 2; i++) { // longer than a call may take
                            assertThatThrownBy(() -> other.store.holds("anything", 1))
                                .isInstanceOf(CoordinationUnavailableException.class);
                          }
                          proxy.heal();
                        });
                healer.start();
                String done = write(ctx);
                healer.join();
                return done;
              }
            });

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.timeline())
        .filteredOn(event -> event.type().equals(EventTypes.BLACKBOARD_WRITE))
        .hasSize(VALUES);
  }

  /** The control: patience has an end, and the run can be resumed then. */
  @Test
  void itEndsAndCanBeResumedIfTheStoreStaysSilent() throws Exception {
    OrchestrationResult result =
        run(
            ctx -> {
              proxy.hold();
              return write(ctx);
            });

    assertThat(result.status()).isEqualTo(PipelineStatus.ORCHESTRATION_ERROR);
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.code()).isEqualTo("COORDINATION"));
  }
}
