// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.ResumeRequest;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What limits a run limits it after a crash too: stops, times, approvals and breakers. */
class ResumeLimitsTest extends ResumedLimits {
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aRunThatWasStoppedEndsStoppedByTheSameForTheSameReason() {
    var store = new RecordedCheckpoints(Durability.DURABLE);
    ManualTime time = Scenes.time();
    Orchestration run;
    OrchestrationResult stopped;
    try (var orchestrator = waiting(HOUR).checkpoints(store).time(time).build()) {
      run = orchestrator.start(RunRequest.of("Reach something"));
      time.awaitIdle();
      run.stop("that will do");
      stopped = run.completion().join();
    }
    Left left = Left.of(store, run.id()).upTo(Processes.command(Command.Stop.class));

    OrchestrationResult result = Processes.resume(left, waiting(HOUR));

    assertThat(stopped.outcome()).isInstanceOf(Outcome.Stopped.class);
    assertThat(result.outcome()).isEqualTo(stopped.outcome());
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.STOPPED);
    assertThat(Processes.resume(left.before(Processes.command(Command.Stop.class)), waiting(HOUR)))
        .as("without it the run goes on")
        .extracting(OrchestrationResult::status)
        .isEqualTo(PipelineStatus.TIMEOUT);
  }

  @Test
  void theTimeThatWasUsedBeforeCounts() {
    Left left = Processes.after(Duration.ofSeconds(70), waiting(Duration.ofSeconds(60)));
    ManualTime time = Processes.later(HOUR);

    OrchestrationResult result = Processes.resume(left, waiting(Duration.ofSeconds(60)), time);

    assertThat(result.outcome()).isEqualTo(new Outcome.TimedOut(LIMIT));
    assertThat(result.activeTime()).isEqualTo(LIMIT);
    assertThat(passed(Scenes.START.plus(HOUR), time)).isEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void aNewLimitCountsFromNowOn() {
    Left left = Processes.after(Duration.ofSeconds(70), waiting(Duration.ofSeconds(60)));
    ManualTime time = Scenes.time();

    OrchestrationResult result =
        Processes.resume(
            ResumeRequest.of(left.run()).timeout(Duration.ofSeconds(10)),
            left.store(),
            waiting(Duration.ofSeconds(60)),
            time);

    assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
    assertThat(passed(Scenes.START, time)).isEqualTo(Duration.ofSeconds(10));
    assertThat(result.activeTime()).isEqualTo(Duration.ofSeconds(70));
  }

  @Test
  void withoutTimeLeftItEndsWithWhatItHas() {
    Left left = Processes.after(Duration.ofSeconds(70), waiting(Duration.ofSeconds(60)));
    List<Delta> deltas = new ArrayList<>(left.deltas());
    deltas.add(new Delta.Elapsed(LIMIT.plusSeconds(5)));
    ManualTime time = Scenes.time();

    OrchestrationResult result =
        Processes.resume(
            new Left(left.run(), deltas, List.of()), waiting(Duration.ofSeconds(60)), time);

    assertThat(result.status()).isEqualTo(PipelineStatus.TIMEOUT);
    assertThat(passed(Scenes.START, time)).isZero();
    assertThat(result.agents().get(0).output(AgentPhase.PLAN)).isPresent();
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.TIMED_OUT);
  }

  @Test
  void aRunWhoseTimeWasOverEndsSo() {
    Left left =
        Processes.ended(waiting(Duration.ofSeconds(60)))
            .upTo(Processes.command(Command.Stop.class));

    OrchestrationResult result = Processes.resume(left, waiting(Duration.ofSeconds(60)));

    assertThat(result.outcome()).isEqualTo(new Outcome.TimedOut(LIMIT));
    assertThat(result.agents().get(0).status()).isEqualTo(AgentStatus.TIMED_OUT);
  }

  /** In whole seconds: agents may take a moment to stop. */
  private static Duration passed(Instant from, ManualTime time) {
    return Duration.ofSeconds(Duration.between(from, time.now()).toSeconds());
  }

  /** One agent that waits, remembers that it has, and waits again. */
  private static OrchestratorBuilder waiting(Duration first) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              ctx.receive(first);
              ctx.model().ask(Prompt.user("still nothing")); // has the time remembered
              ctx.receive(HOUR);
              return "waited";
            });
    Agent other = Agent.of("other", ctx -> "" + ctx.receive(HOUR).isPresent());
    return Orchestrator.builder()
        .timeout(LIMIT)
        .model("m", Scenes.saying("well"))
        .team(Team.of(DecisionRule.by("one"), one, other).withoutMediator());
  }

  @Test
  void anApprovalExpiresWhenItWouldHave() {
    Left left = Processes.after(Duration.ofMinutes(10), paying());
    ManualTime time = Processes.later(Duration.ofMinutes(50));

    OrchestrationResult result = Processes.resume(left, paying(), time);

    assertThat(result.solution()).contains(Payload.text("APPROVAL_EXPIRED"));
    assertThat(passed(Scenes.START, time))
        .isBetween(HOUR, HOUR.plusMinutes(1)); // while it goes on, time moves from limit to limit
  }

  @Test
  void anApprovalThatExpiredMeanwhileIsDeniedAtOnce() {
    Left left = Processes.after(Duration.ofMinutes(10), paying());
    ManualTime time = Processes.later(HOUR.multipliedBy(2));
    var world = new World();

    OrchestrationResult result = Processes.resume(left, paying().tools(world.book()), time);

    assertThat(result.solution()).contains(Payload.text("APPROVAL_EXPIRED"));
    assertThat(passed(Scenes.START.plus(HOUR.multipliedBy(2)), time))
        .isLessThan(Duration.ofMinutes(1));
  }

  private static OrchestratorBuilder paying() {
    return Orchestrator.builder()
        .tools(new World().transfer())
        .policy(Bank.fourEyes(HOUR))
        .approver(Approver.queue())
        .team(
            Processes.only(
                ctx -> {
                  try {
                    return ctx.tools().call("transfer", new Transfer(1)).text();
                  } catch (DeniedException e) {
                    return e.rule();
                  }
                },
                "transfer"));
  }

  @Test
  void anOpenRouteStaysOpenForWhatIsLeftOfItsWait() {
    var dead = new AtomicInteger();
    var alive = new AtomicInteger();
    Left left = Processes.after(Duration.ofSeconds(5), failing(dead));
    assertThat(dead).hasValue(5);
    List<Instant> called = new ArrayList<>();
    ManualTime time = Processes.later(Duration.ofSeconds(15));

    OrchestrationResult result =
        Processes.resume(
            left,
            failing(
                (request, exchange) -> {
                  called.add(exchange.time().now());
                  alive.incrementAndGet();
                  return Scenes.reply("here again");
                }),
            time);

    assertThat(result.solution()).contains(Payload.text("from b|here again"));
    assertThat(called).containsExactly(Scenes.START.plusSeconds(15 + 10 + 8));
  }

  @Test
  void aClosedRouteIsUsedAtOnce() {
    Left left =
        Processes.after(Duration.ofSeconds(5), failing(new AtomicInteger()))
            .without(
                Processes.command(Command.Note.class, note -> note.type().equals("circuit_state")));

    OrchestrationResult result =
        Processes.resume(
            left,
            failing((request, exchange) -> Scenes.reply("here again")),
            Processes.later(Duration.ofSeconds(15)));

    assertThat(result.solution()).contains(Payload.text("here again|here again"));
  }

  private static OrchestratorBuilder failing(AtomicInteger calls) {
    return failing(
        (request, exchange) -> {
          calls.incrementAndGet();
          throw ModelException.of(ModelException.Kind.UNAVAILABLE, "down")
              .pointlessToRetry()
              .build();
        });
  }

  /** Asks five times, waits 10 s, asks, waits 8 s more, and asks again. */
  private static OrchestratorBuilder failing(ChatModel first) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 0; i < 5; i++) {
                ctx.model().ask(Prompt.user("question " + i));
              }
              ctx.receive(Duration.ofSeconds(10));
              String soon = ctx.model().ask(Prompt.user("soon")).text();
              ctx.receive(Duration.ofSeconds(8));
              return soon + "|" + ctx.model().ask(Prompt.user("later")).text();
            });
    Agent other = Agent.of("other", ctx -> "" + ctx.receive(HOUR).isPresent());
    return Orchestrator.builder()
        .model("a", first)
        .model("b", Scenes.saying("from b"))
        .team(Team.of(DecisionRule.by("one"), one, other).withoutMediator());
  }
}
