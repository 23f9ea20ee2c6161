// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static io.agentgovernance.core.PipelineStatus.COMPLETED;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.health.Component;
import io.agentgovernance.health.ComponentState;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Two agents that ask and write in turn, on hosts of which one can be cut off from the store and
 * the checkpoints; one of them is in a call of its model then.
 */
final class CountingRun implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(100);
  static final int ROUNDS = 20;
  static final String HELD_CALL = "beta 5";

  private final RedisServer redis = RedisServer.start();
  final FaultProxy proxy = FaultProxy.to(redis.port());
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  final List<String> cancelled = new CopyOnWriteArrayList<>();
  private final CountDownLatch inCall = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);
  private final AtomicLong cancelledAt = new AtomicLong();

  @Override
  public void close() {
    answer.countDown();
    proxy.close();
    redis.close();
  }

  /** The host that is cut off. */
  Orchestrator farHost(String options) {
    return host("redis://127.0.0.1:" + proxy.port() + options);
  }

  Orchestrator nearHost(String options) {
    return host(redis.uri() + options);
  }

  private Orchestrator host(String uri) {
    return Orchestrator.builder()
        .blackboard(uri)
        .checkpoints(uri.replaceAll("\\?.*", ""))
        .mediation(Set.of())
        .model("counted", (request, exchange) -> ask(request))
        .team(
            Team.of(
                DecisionRule.collect(),
                Agent.of("alpha", ctx -> work(ctx, "alpha")),
                Agent.of("beta", ctx -> work(ctx, "beta"))))
        .build();
  }

  private ChatReply ask(ChatRequest request) throws InterruptedException {
    String asked = request.messages().get(0).text();
    int before = calls.computeIfAbsent(asked, key -> new AtomicInteger()).getAndIncrement();
    if (asked.equals(HELD_CALL) && before == 0) {
      inCall.countDown();
      try {
        answer.await();
      } catch (InterruptedException e) {
        cancelledAt.set(System.nanoTime());
        cancelled.add(asked);
        throw e;
      }
    }
    return ChatReply.of("re: " + asked, Usage.of(1, 1), "counted");
  }

  /** Waits until the call is made that does not come back by itself. */
  void awaitCall() throws InterruptedException {
    assertThat(inCall.await(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Has that call come back. */
  void answer() {
    answer.countDown();
  }

  Watcher watch(Orchestration run) {
    return new Watcher(redis, run);
  }

  private static String work(AgentContext ctx, String name) {
    for (int i = 0; i < ROUNDS; i++) {
      String reply = ctx.model().ask(Prompt.user(name + " " + i)).text();
      ctx.blackboard().put(name + i, reply);
      boolean unused = ctx.awaitChange(ctx.proposals(), TICK);
    }
    return "done";
  }

  /**
   * Completed, each value written once, and no call made twice but those in flight when a host was
   * given up: one of each agent it had.
   */
  void whole(OrchestrationResult result, int mostCalls) {
    assertThat(result.outcome().status()).as("%s", result.outcome()).isEqualTo(COMPLETED);
    assertThat(result.timeline())
        .filteredOn(event -> event.type().equals(EventTypes.BLACKBOARD_WRITE))
        .hasSize(2 * ROUNDS);
    assertThat(calls).hasSize(2 * ROUNDS);
    assertThat(calls.values().stream().mapToInt(AtomicInteger::get).sum())
        .isLessThanOrEqualTo(mostCalls);
  }

  static ComponentState coordination(Orchestrator host) {
    return host.health().snapshot().of(Component.COORDINATION).state();
  }

  Duration cancelledAfter(long began) {
    return Duration.ofNanos(cancelledAt.get() - began);
  }

  private static String field(Event event, String name) {
    return event.data().at("/" + name).map(value -> value.text()).orElse("");
  }

  static List<String> told(OrchestrationResult result) {
    return result.timeline().stream()
        .filter(event -> event.type().equals(EventTypes.COMPONENT_HEALTH))
        .filter(event -> field(event, "component").equals(Component.COORDINATION.name()))
        .map(event -> field(event, "from") + "-" + field(event, "to"))
        .toList();
  }

  /** When the store accepts something of a run, as one sees it who is not cut off. */
  static final class Watcher implements AutoCloseable {
    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final RedisCoordination direct;

    Watcher(RedisServer redis, Orchestration run) {
      direct = TestRun.open(redis.uri());
      var unused =
          direct.attach(run.id()).orElseThrow().follow(change -> last.set(System.nanoTime()));
    }

    /** How long it takes, from now on, until something is accepted. */
    Duration untilTheNext() {
      long begun = System.nanoTime();
      Trial.await("the next change", () -> last.get() - begun > 0);
      return Duration.ofNanos(last.get() - begun);
    }

    @Override
    public void close() {
      direct.close();
    }
  }
}
