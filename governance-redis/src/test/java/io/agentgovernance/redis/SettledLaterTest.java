// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.Outcome.Failed;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.testkit.redis.RedisServer;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a call took that was cut off is learned after the run has ended, over Redis. */
@Timeout(90)
class SettledLaterTest {
  private static final Usage TOOK = new Usage(11, 7, new BigDecimal("0.00021"));

  private final RedisServer redis = SharedServers.single();

  /** Its calls never come back by themselves; its provider tells later what they took. */
  private static final class Endless implements ChatModel {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch tells = new CountDownLatch(1);

    @Override
    public ChatReply chat(ChatRequest request, Exchange exchange) throws InterruptedException {
      exchange.replyStarted("gen-" + exchange.idempotencyKey());
      begun.countDown();
      new CountDownLatch(1).await();
      throw new AssertionError("never counted down");
    }

    @Override
    public Optional<ModelPricing> pricing(String model) {
      return Optional.of(new ModelPricing(new BigDecimal("0.001"), new BigDecimal("0.01")));
    }

    @Override
    public Optional<Usage> usageOf(String replyId) {
      return tells.getCount() == 0 ? Optional.of(TOOK) : Optional.empty();
    }

    void awaitBegun() throws InterruptedException {
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Orchestrator host(ChatModel model) {
    String uri = redis.uri();
    return Orchestrator.builder()
        .blackboard(uri + "?leaseTtl=2s")
        .checkpoints(uri)
        .mediation(Set.of())
        .model("m", model)
        .team(
            Team.of(
                DecisionRule.by("one"),
                Agent.of("one", ctx -> ctx.model().ask(Prompt.user("write").maxTokens(10)).text())))
        .build();
  }

  /** What a process sees that has nothing to do with the run. */
  private Spend seenElsewhere(RunId run) {
    try (RedisCoordination other = TestRun.open(redis.uri())) {
      return other.attach(run).orElseThrow().spend();
    }
  }

  private static void exact(Spend spend, int calls) {
    assertThat(spend.exact()).as("%s", spend).isTrue();
    assertThat(spend.calls()).isEqualTo(calls);
    assertThat(spend.promptTokens()).isEqualTo(11L * calls);
    assertThat(spend.completionTokens()).isEqualTo(7L * calls);
    assertThat(spend.cost()).isEqualByComparingTo(TOOK.costUsd().multiply(new BigDecimal(calls)));
  }

  @Test
  void aCallThatAStopCutOffIsSettledAfterTheEndAndOtherProcessesSeeIt() throws Exception {
    Endless model = new Endless();
    try (Orchestrator orchestrator = host(model)) {
      Orchestration run = orchestrator.start(RunRequest.of("Write"));
      model.awaitBegun();
      run.stop("enough");
      OrchestrationResult result = run.await();
      CompletableFuture<Spend> settled = run.settled();

      assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
      assertThat(result.usage().exact()).isFalse();
      assertThat(settled).isNotDone();
      assertThat(seenElsewhere(run.id()).exact()).as("an estimate until it is told").isFalse();
      model.tells.countDown();
      exact(settled.get(30, TimeUnit.SECONDS), 1);
      exact(run.usage(), 1);
      exact(seenElsewhere(run.id()), 1);
    }
  }

  @Test
  void aCallOfAnAgentInAnotherProcessIsSettledByThatProcess() throws Exception {
    Endless model = new Endless();
    try (Orchestrator first = host(new Endless());
        Orchestrator second = host(model)) {
      Orchestration run = first.start(RunRequest.of("Write").elsewhere("one"));
      Joined joined = second.join(JoinRequest.of(run.id()).roles("one"));
      model.awaitBegun();
      run.stop("enough");
      OrchestrationResult result = run.await();
      assertThat(joined.completion().get(30, TimeUnit.SECONDS))
          .isEqualTo(new JoinEnd.RunEnded(PipelineStatus.STOPPED));

      assertThat(result.usage().exact()).isFalse();
      Spend known = run.settled().get(30, TimeUnit.SECONDS);
      assertThat(known.exact()).as("it is that process's to ask for").isFalse();
      model.tells.countDown();
      Trial.await("it is settled", () -> seenElsewhere(run.id()).exact());
      exact(seenElsewhere(run.id()), 1);
      exact(run.usage(), 1);
    }
  }

  @Test
  void whatARunTookBeforeAndAfterATakeOverIsSettledByTheProcessThatMadeTheCall() throws Exception {
    Endless before = new Endless();
    Endless after = new Endless();
    try (Orchestrator first = host(before);
        Orchestrator second = host(after)) {
      Orchestration run = first.start(RunRequest.of("Write"));
      before.awaitBegun();
      Joined standby = second.join(JoinRequest.of(run.id()));
      String leases = RedisKeys.of(TenantId.DEFAULT, run.id()).leases();
      redis.command("HDEL", leases, Lease.COORDINATOR);
      JoinEnd end = standby.completion().get(30, TimeUnit.SECONDS);
      assertThat(end).isInstanceOf(JoinEnd.TakenOver.class);
      Orchestration taken = ((JoinEnd.TakenOver) end).run();
      after.awaitBegun();
      assertThat(run.await().outcome()).as("in the first process").isInstanceOf(Failed.class);

      before.tells.countDown();
      Spend spend = run.settled().get(30, TimeUnit.SECONDS);
      assertThat(spend.calls()).as("though another process has the run").isEqualTo(1);
      assertThat(spend.estimatedTokens()).isZero();
      taken.stop("enough");
      assertThat(taken.await().usage().exact()).isFalse();
      after.tells.countDown();
      exact(taken.settled().get(30, TimeUnit.SECONDS), 2);
      exact(run.usage(), 2);
      exact(seenElsewhere(run.id()), 2);
    }
  }
}
