// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.event.Event;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Usage;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What the tests of whole runs share. */
final class Scenes {
  static final Instant START = Instant.parse("2026-01-24T10:00:00Z");
  static final Duration LONG = Duration.ofSeconds(20);

  private Scenes() {}

  /** A failure that says whether it is worth trying again. */
  static final class Mishap extends GovernanceException {
    private static final long serialVersionUID = 1L;
    private final boolean retryable;

    private Mishap(String message, boolean retryable) {
      super(message);
      this.retryable = retryable;
    }

    static Mishap retryable(String message) {
      return new Mishap(message, true);
    }

    static Mishap lasting(String message) {
      return new Mishap(message, false);
    }

    @Override
    public boolean retryable() {
      return retryable;
    }
  }

  static OrchestrationResult run(Team team) {
    return run(Orchestrator.builder().team(team));
  }

  static OrchestrationResult run(OrchestratorBuilder builder) {
    try (var orchestrator = builder.build()) {
      return orchestrator.run(RunRequest.of("Reach something"));
    }
  }

  /** Runs to the end on manual time, which moves whenever everybody waits. */
  static OrchestrationResult run(OrchestratorBuilder builder, ManualTime time) {
    try (var orchestrator = builder.time(time).build()) {
      return toTheEnd(orchestrator.start(RunRequest.of("Reach something")), time);
    }
  }

  static OrchestrationResult toTheEnd(Orchestration run, ManualTime time) {
    var completion = run.completion();
    time.awaitIdle();
    while (!completion.isDone()) {
      if (!time.advanceWhenIdle()) {
        break;
      }
    }
    return completion.orTimeout(20, TimeUnit.SECONDS).join();
  }

  static ManualTime time() {
    return ManualTime.startingAt(START);
  }

  /** A model that always says the same, for one token in and one out. */
  static ChatModel saying(String text) {
    return (request, exchange) -> reply(text);
  }

  static ChatReply reply(String text) {
    return ChatReply.of(text, Usage.of(1, 1), "scripted");
  }

  /** Waits until the proposals are as wanted. */
  static List<Proposal> until(AgentContext ctx, Predicate<List<Proposal>> wanted) {
    while (true) {
      List<Proposal> proposals = ctx.proposals();
      if (wanted.test(proposals)) {
        return proposals;
      }
      if (!ctx.awaitChange(proposals, LONG)) {
        throw Mishap.lasting("the proposals never came to be as wanted");
      }
    }
  }

  /** Waits until there is one proposal with so many ballots. */
  static Proposal untilBallots(AgentContext ctx, int ballots) {
    return until(ctx, all -> !all.isEmpty() && all.get(0).ballots().size() >= ballots).get(0);
  }

  /** Waits until nobody of a role is active. */
  static void untilGone(AgentContext ctx, String role) {
    while (ctx.partners().stream().anyMatch(partner -> partner.name().equals(role))) {
      List<Proposal> proposals = ctx.proposals();
      if (ctx.partners().stream().noneMatch(partner -> partner.name().equals(role))) {
        return;
      }
      ctx.awaitChange(proposals, LONG);
    }
  }

  /** Waits until something was handed over to the agent. */
  static Handoff untilHandedOver(AgentContext ctx) {
    List<Handoff> handoffs = ctx.handoffs();
    while (handoffs.isEmpty()) {
      Thread.onSpinWait();
      handoffs = ctx.handoffs();
    }
    return handoffs.get(0);
  }

  static List<Event> events(OrchestrationResult result, String type) {
    return result.timeline().stream().filter(event -> event.type().equals(type)).toList();
  }

  static String field(Event event, String name) {
    return event.data().at("/" + name).map(value -> value.text()).orElse("");
  }
}
