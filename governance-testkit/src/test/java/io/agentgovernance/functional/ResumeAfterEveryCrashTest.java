// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.PartnerEndedException;
import io.agentgovernance.agent.RepeatedCallException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Account;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Wherever a process dies, whoever resumes its run brings it to the same end: no finished call is
 * made again, what happened once has happened once, and sums, counters and ledger are complete.
 */
class ResumeAfterEveryCrashTest extends EveryCrash {
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void ofOwnAgentsWithAllThatAContextOffers() {
    Whole whole = Whole.of(ResumeAfterEveryCrashTest::own);
    assertThat(whole.world.calls()).hasSize(5);

    whole.everywhere(
        (left, resumed) -> {
          Map<String, String> board = resumed.left().blackboard();
          String[] solution = parts(resumed.text());
          assertThat(board).containsEntry("own/now", '"' + solution[0] + '"');
          assertThat(board).containsEntry("own/random", solution[1]);
          if (left.knows("now")) {
            assertThat(solution[0]).isEqualTo(parts(whole.text())[0]);
          }
          if (left.knows("random")) {
            assertThat(solution[1]).isEqualTo(parts(whole.text())[1]);
          }
          assertThat(rest(resumed.text())).isEqualTo(rest(whole.text()));
          assertThat(resumed.world.steps()).isEqualTo(left.knows("step") ? 0 : 1);
          board.keySet().removeAll(Set.of("own/now", "own/random"));
          assertThat(whole.left().blackboard()).containsAllEntriesOf(board);
          assertThat(board).hasSize(whole.left().blackboard().size() - 2);
        });
  }

  private static String rest(String solution) {
    return parts(solution)[2];
  }

  private static String[] parts(String solution) {
    return solution.split("\\|", 3);
  }

  private static OrchestratorBuilder own(World world) {
    Agent worker =
        Agent.of(
                "worker",
                ctx -> {
                  String now = ctx.now().toString();
                  ctx.blackboard().put("own/now", now);
                  long random = ctx.random().nextLong();
                  ctx.blackboard().put("own/random", random);
                  String step = ctx.step("step", String.class, () -> "step " + world.step());
                  ctx.blackboard().put("own/step", step);
                  long balance = ctx.tools().call("balance", new Account("a1"), Long.class);
                  String booked = ctx.tools().call("book", new Account("a1")).text();
                  String moved = ctx.tools().call("transfer", new Transfer(balance)).text();
                  ctx.send("partner", moved);
                  String heard =
                      ctx.receiveFrom("partner", Scenes.LONG).orElseThrow().content().text();
                  String reply = ctx.model().ask(Prompt.user(heard)).text();
                  String note = ctx.blackboard().get("partner/note").orElseThrow().value().text();
                  return String.join(
                      "|", now, Long.toString(random), step, booked, moved, reply, note);
                })
            .tools("balance", "book", "transfer");
    Agent partner =
        Agent.of(
            "partner",
            ctx -> {
              String heard = ctx.receiveFrom("worker", Scenes.LONG).orElseThrow().content().text();
              ctx.blackboard().put("partner/note", heard);
              String reply = ctx.model().ask(Prompt.user(heard)).text();
              ctx.send("worker", reply);
              return reply;
            });
    return builder(world)
        .team(Team.of(DecisionRule.by("worker"), worker, partner).withoutMediator());
  }

  @Test
  void ofARunOfWhichOneAgentIsRevokedAndHandsOver() {
    Whole whole = Whole.of(ResumeAfterEveryCrashTest::revoked);
    assertThat(whole.result.agent("errs").orElseThrow().status()).isEqualTo(AgentStatus.REVOKED);

    whole.everywhere(
        (left, resumed) -> {
          same(whole, resumed);
          assertThat(Scenes.events(resumed.result, EventTypes.AGENT_REVOKED)).hasSize(1);
          assertThat(Scenes.events(resumed.result, EventTypes.HANDOFF_CREATED)).hasSize(1);
          assertThat(resumed.ledger.entries(LedgerTypes.REVOKED)).hasSize(1);
          assertThat(resumed.ledger.entries(LedgerTypes.HANDOFF)).hasSize(2);
        });
  }

  private static OrchestratorBuilder revoked(World world) {
    Agent errs =
        Agent.of(
                "errs",
                ctx -> {
                  ctx.blackboard().put("errs/note", "half done");
                  String reply = ctx.model().ask(Prompt.user("and now?")).text();
                  for (int i = 0; i < 5; i++) {
                    try {
                      ctx.tools().call(i % 2 == 0 ? "none" : "nothing", new Account("a" + i));
                    } catch (DeniedException e) {
                      ctx.blackboard().put("errs/notices", ctx.notices());
                    }
                  }
                  return reply;
                })
            .errorBudget(new ErrorBudget(4, 3, 1));
    Agent stays =
        Agent.of(
            "stays",
            ctx -> {
              try {
                return ctx.awaitOutput("errs", String.class);
              } catch (PartnerEndedException e) {
                Handoff handoff = ctx.handoffs().get(0);
                ctx.blackboard().put("stays/took", handoff.cause());
                return e.getMessage() + ctx.model().ask(Prompt.user(handoff.cause())).text();
              }
            });
    return builder(world).team(Team.of(DecisionRule.by("stays"), errs, stays).withoutMediator());
  }

  @Test
  void ofARunWithASuccessor() {
    Whole whole = Whole.of(ResumeAfterEveryCrashTest::succeeded);
    assertThat(whole.result.agents()).hasSize(2);

    whole.everywhere(
        (left, resumed) -> {
          same(whole, resumed);
          assertThat(Scenes.events(resumed.result, EventTypes.HANDOFF_CREATED)).hasSize(1);
          assertThat(resumed.ledger.entries(LedgerTypes.HANDOFF)).hasSize(2);
          assertThat(resumed.ledger.entries(LedgerTypes.SPAWNED)).hasSize(2);
        });
  }

  private static OrchestratorBuilder succeeded(World world) {
    Agent first =
        Agent.of(
                "one",
                ctx -> {
                  ctx.blackboard().put("first", ctx.model().ask(Prompt.user("first")).text());
                  throw Mishap.lasting("no strength left");
                })
            .tools("book");
    return builder(world)
        .team(Team.of(DecisionRule.by("one"), first).withoutMediator())
        .successors(
            (failed, handoff) ->
                Optional.of(
                    Agent.of(
                            "one",
                            ctx -> {
                              String booked = ctx.tools().call("book", new Account("b")).text();
                              ctx.blackboard().put("second", booked);
                              String reply = ctx.model().ask(Prompt.user(booked)).text();
                              return reply + " after " + ctx.handoffs().get(0).cause();
                            })
                        .tools("book")));
  }

  @Test
  void ofARunThatAsksAPerson() {
    Whole whole = Whole.of(ResumeAfterEveryCrashTest::approved);
    assertThat(whole.world.asked()).hasSize(2);

    whole.everywhere(
        (left, resumed) -> {
          same(whole, resumed);
          List<Command.UseApproval> used = resumed.left().commands(Command.UseApproval.class);
          assertThat(used).extracting(Command.UseApproval::approvalId).doesNotHaveDuplicates();
          boolean unknown = left.inFlight().stream().anyMatch(call -> call.contains("payer"));
          assertThat(resumed.left().commands(Command.RequestApproval.class))
              .extracting(asked -> asked.request().policy())
              .filteredOn("OUTCOME_UNKNOWN"::equals)
              .hasSize(unknown ? 1 : 0);
          assertThat(used).hasSize(unknown ? 3 : 2);
          assertThat(resumed.result.timeline())
              .filteredOn(event -> event.type().equals(EventTypes.GATE_OPENED))
              .hasSize(unknown ? 3 : 2);
        });
  }

  private static OrchestratorBuilder approved(World world) {
    Agent payer =
        Agent.of(
                "payer",
                ctx ->
                    ctx.tools().call("transfer", new Transfer(1)).text()
                        + ctx.tools().call("transfer", new Transfer(2)).text())
            .tools("transfer");
    Agent watcher =
        Agent.of(
            "watcher",
            ctx -> {
              ctx.blackboard().put("watcher", ctx.model().ask(Prompt.user("all well?")).text());
              return "well";
            });
    return builder(world)
        .policy(Bank.fourEyes(DAY))
        .team(Team.of(DecisionRule.by("payer"), payer, watcher).withoutMediator());
  }

  @Test
  void ofABodyThatMakesACallTwiceInARow() {
    Left left = Processes.ended(repeating(new World())).upTo(Processes.journaled("tool"));
    var world = new World();

    OrchestrationResult result = Processes.resume(left, repeating(world));

    assertThat(result.solution()).contains(Payload.text("told"));
    assertThat(world.calls()).isEmpty();
    assertThat(result.agents().get(0).errors()).isEqualTo(1);
  }

  private static OrchestratorBuilder repeating(World world) {
    return builder(world)
        .team(
            Processes.only(
                ctx -> {
                  ctx.tools().call("book", new Account("a"));
                  try {
                    return ctx.tools().call("book", new Account("a")).text();
                  } catch (RepeatedCallException e) {
                    return "told";
                  }
                },
                "book"));
  }

  @Test
  void withoutTheJournalFinishedCallsWouldBeRepeated() {
    Whole whole = Whole.of(ResumeAfterEveryCrashTest::own);
    Left left = whole.left().without(Delta.Journaled.class::isInstance);
    left =
        left.before(
            delta ->
                delta instanceof Delta.Changed changed
                    && changed.command() instanceof Command.FinishPhase phase
                    && phase.output().phase().name().equals("EXECUTE"));

    Resumed resumed = Resumed.of(left, ResumeAfterEveryCrashTest::own);

    assertThat(resumed.world.transfers()).as("the test can fail").hasSize(1);
    assertThat(whole.world.calls()).containsAll(resumed.world.calls());
  }
}
