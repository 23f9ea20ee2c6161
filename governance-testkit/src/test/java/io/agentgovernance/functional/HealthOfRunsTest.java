// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.event.Subscription;
import io.agentgovernance.health.Component;
import io.agentgovernance.health.ComponentState;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.testkit.LedgerFault;
import io.agentgovernance.testkit.StoreFault;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the health of a part means to runs: they are told of it, and what needs the part fails. */
class HealthOfRunsTest extends WatchedParts {
  @Test
  void whenEveryRouteIsOpenRunsAreBegunAndTheirCallsFailUntilOneWorksAgain() {
    var broken = new AtomicBoolean(true);
    var calls = new AtomicInteger();
    ChatModel model =
        (request, exchange) -> {
          calls.incrementAndGet();
          if (broken.get()) {
            throw ModelException.of(ModelException.Kind.UNAVAILABLE, "down").build();
          }
          return Scenes.reply("works");
        };
    try (var orchestrator =
        Orchestrator.builder()
            .time(time)
            .model("first", model)
            .model("second", model)
            .team(asking(1))
            .build()) {
      while (state(orchestrator, Component.MODELS) != ComponentState.UNHEALTHY) {
        OrchestrationResult failed =
            Scenes.toTheEnd(orchestrator.start(RunRequest.of("Reach something")), time);
        assertThat(failed.status()).isEqualTo(PipelineStatus.FAILED);
      }
      int before = calls.get();
      OrchestrationResult refused = toTheEndAtOnce(orchestrator);
      assertThat(refused.status()).as("it was begun").isEqualTo(PipelineStatus.FAILED);
      assertThat(refused.agent("one").orElseThrow().failure())
          .contains("all model routes are open");
      assertThat(calls.get()).as("nothing was sent").isEqualTo(before);

      broken.set(false);
      time.advanceWhenIdle(Duration.ofMinutes(6));
      OrchestrationResult again =
          Scenes.toTheEnd(orchestrator.start(RunRequest.of("Reach something")), time);
      assertThat(again.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(state(orchestrator, Component.MODELS))
          .as("the first works; the other one is asked when that fails")
          .isEqualTo(ComponentState.DEGRADED);
    }
  }

  /** Of a run whose calls are refused at once, so that no time passes in it. */
  private static OrchestrationResult toTheEndAtOnce(Orchestrator orchestrator) {
    Orchestration run = orchestrator.start(RunRequest.of("Reach something"));
    return run.completion().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void whatHappensToAPartIsAnEventOfTheRunsThatRestOnIt() throws InterruptedException {
    try (var orchestrator = waiting().build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Wait"));
      BlockingQueue<String> told = told(run);
      time.awaitIdle();
      ledger.inject(new LedgerFault.Unavailable());
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Another")))
            .isInstanceOf(GovernanceException.class);
      }
      assertThat(next(told, 2))
          .containsExactly("LEDGER HEALTHY-DEGRADED", "LEDGER DEGRADED-UNHEALTHY");
      ledger.heal();
      OrchestrationResult result = Scenes.toTheEnd(run, time);

      assertThat(told(result)).startsWith("LEDGER HEALTHY-DEGRADED", "LEDGER DEGRADED-UNHEALTHY");
    }
  }

  @Test
  void whatHappenedToTheCoordinationStoreIsToldWhenItWorksAgain() throws InterruptedException {
    try (var orchestrator = waiting().build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Wait"));
      BlockingQueue<String> told = told(run);
      time.awaitIdle();
      coordination.inject(new StoreFault.Unavailable());
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> orchestrator.start(RunRequest.of("Another")))
            .isInstanceOf(GovernanceException.class);
      }
      assertThat(state(orchestrator, Component.COORDINATION)).isEqualTo(ComponentState.UNHEALTHY);
      coordination.heal();
      time.advanceWhenIdle(PROBE.multipliedBy(4));

      assertThat(next(told, 4))
          .containsExactly(
              "COORDINATION HEALTHY-DEGRADED",
              "COORDINATION DEGRADED-UNHEALTHY",
              "COORDINATION UNHEALTHY-DEGRADED",
              "COORDINATION DEGRADED-HEALTHY");
    }
  }

  private static List<String> told(OrchestrationResult result) {
    return Scenes.events(result, EventTypes.COMPONENT_HEALTH).stream()
        .map(HealthOfRunsTest::told)
        .toList();
  }

  /** What a run is told from now on, as it comes: on threads that no manual time waits for. */
  private static BlockingQueue<String> told(Orchestration run) {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    Subscription unused =
        run.subscribe(
            event -> {
              if (event.type().equals(EventTypes.COMPONENT_HEALTH)) {
                told.add(told(event));
              }
            });
    return told;
  }

  private static String told(Event event) {
    return Scenes.field(event, "component")
        + " "
        + Scenes.field(event, "from")
        + "-"
        + Scenes.field(event, "to");
  }

  private static List<String> next(BlockingQueue<String> told, int count)
      throws InterruptedException {
    List<String> next = new ArrayList<>();
    while (next.size() < count) {
      String one = told.poll(20, TimeUnit.SECONDS);
      assertThat(one).as("after %s", next).isNotNull();
      next.add(one);
    }
    return next;
  }

  /** A team of which one agent waits for a minute. */
  private OrchestratorBuilder waiting() {
    return builder()
        .mediation(Set.of())
        .team(
            Team.of(
                DecisionRule.by("one"),
                Agent.of(
                    "one",
                    ctx -> {
                      boolean unused = ctx.awaitChange(ctx.proposals(), Duration.ofMinutes(1));
                      return "done";
                    })));
  }

  @Test
  void withoutItsSecretsWhatNeedsOneFailsAndTheRestGoesOn() {
    var broken = new AtomicBoolean(true);
    SecretSource vault =
        reference -> {
          if (broken.get()) {
            throw new SecretUnavailableException(
                Reason.UNAVAILABLE, reference, "no answer", "one", "Wait.");
          }
          return Secret.of("a-long-password");
        };
    Tool needing =
        Tool.of(
                "needing",
                Nothing.class,
                String.class,
                (in, call) -> {
                  try (Secret secret = call.secret("vault:services/x")) {
                    return "length " + secret.use(value -> value.length);
                  }
                })
            .effect(Effect.READ)
            .requires(TrustTier.T1);
    Tool other =
        Tool.of("other", Nothing.class, String.class, (in, call) -> "works")
            .effect(Effect.READ)
            .requires(TrustTier.T1);
    try (var orchestrator =
        builder()
            .secrets(vault)
            .tools(needing, other)
            .team(Team.of(DecisionRule.by("one"), using("needing")))
            .build()) {
      for (int i = 0; i < 3; i++) {
        OrchestrationResult failed =
            Scenes.toTheEnd(orchestrator.start(RunRequest.of("Look")), time);
        assertThat(failed.status()).isEqualTo(PipelineStatus.FAILED);
        assertThat(failed.agent("one").orElseThrow().failure())
            .contains("SecretUnavailableException");
      }
      assertThat(state(orchestrator, Component.SECRETS)).isEqualTo(ComponentState.UNHEALTHY);
      RunRequest without =
          RunRequest.of("Look").team(Team.of(DecisionRule.by("one"), using("other")));
      OrchestrationResult goesOn = Scenes.toTheEnd(orchestrator.start(without), time);
      assertThat(goesOn.status()).as("what needs none").isEqualTo(PipelineStatus.COMPLETED);

      broken.set(false);
      OrchestrationResult works = Scenes.toTheEnd(orchestrator.start(RunRequest.of("Look")), time);
      assertThat(works.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(state(orchestrator, Component.SECRETS)).isEqualTo(ComponentState.DEGRADED);
    }
  }

  /** Nothing to say to a tool. */
  record Nothing() {}

  private static Agent using(String tool) {
    return Agent.of("one", ctx -> ctx.tools().call(tool, new Nothing()).text()).tools(tool);
  }
}
