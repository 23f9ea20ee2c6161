// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.MediationReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.Mediation;
import io.agentgovernance.agent.PartnerEndedException;
import io.agentgovernance.agent.RepeatedCallException;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Account;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.testkit.StandardScripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Wherever a process dies, whoever resumes its run brings it to the same end: no finished call is
 * made again, what happened once has happened once, and sums, counters and ledger are complete.
 */
class ResumeAfterEveryCrashTest {
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
  void ofTheStandardTeam() {
    Whole whole =
        Whole.of(
            world ->
                Orchestrator.builder()
                    .model("scripted", world.counting(StandardScripts.agreeing())));

    whole.everywhere((left, resumed) -> same(whole, resumed));
  }

  @Test
  void ofARunThatAMediatorDecides() {
    Whole whole = Whole.of(ResumeAfterEveryCrashTest::conflicting);
    assertThat(whole.result.accepted().orElseThrow().decidedBy()).isEqualTo(Proposal.BY_GAMMA);

    whole.everywhere(
        (left, resumed) -> {
          same(whole, resumed);
          assertThat(resumed.result.mediations())
              .extracting(MediationReport::reason)
              .containsExactly(MediationReason.CONFLICT);
          assertThat(resumed.left().commands(Command.Decide.class)).hasSize(1);
          assertThat(resumed.left().commands(Command.Propose.class)).hasSize(3);
        });
  }

  private static OrchestratorBuilder conflicting(World world) {
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              for (int i = 1; i <= 3; i++) {
                ctx.propose("way " + i);
              }
              Proposal accepted = ctx.awaitAccepted(Scenes.LONG).orElseThrow();
              ctx.solve(accepted.content());
              return "solved";
            });
    Agent two = Agent.of("two", ctx -> ctx.awaitAccepted(Scenes.LONG).orElseThrow().id());
    Agent gamma =
        Agent.of(
            "GAMMA",
            ctx -> {
              Mediation mediation = ctx.mediation().orElseThrow();
              String reply = ctx.model().ask(Prompt.user("which?")).text();
              ctx.blackboard().put("gamma", reply + mediation.reason());
              return mediation.choose(ctx.proposals().get(1).id()).id();
            });
    return builder(world)
        .mediation(EnumSet.of(MediationReason.CONFLICT))
        .team(Team.of(DecisionRule.quorum("one"), one, two).mediator(gamma));
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

  private static void same(Whole whole, Resumed resumed) {
    assertThat(resumed.result.solution()).isEqualTo(whole.result.solution());
    assertThat(resumed.left().blackboard()).isEqualTo(whole.left().blackboard());
  }

  private static OrchestratorBuilder builder(World world) {
    return Orchestrator.builder()
        .tools(world.balance(), world.book(), world.transfer())
        .approver(world)
        .model("m", world.model());
  }

  /** What is looked at after a resumed run. */
  private interface Check {
    void look(Left left, Resumed resumed);
  }

  /** A run that nothing interrupted. */
  private static final class Whole {
    private final Function<World, OrchestratorBuilder> scene;
    private final World world = new World();
    private final CrashTape tape = new CrashTape();
    private final CheckpointStore store = tape.checkpoints();
    private final OrchestrationResult result;

    private Whole(Function<World, OrchestratorBuilder> scene) {
      this.scene = scene;
      OrchestratorBuilder builder =
          scene.apply(world).checkpoints(store).ledger(tape.ledger()).time(Scenes.time());
      try (var orchestrator = builder.build()) {
        result =
            orchestrator
                .start(RunRequest.of("Reach something").document("d", "Some material."))
                .completion()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
      }
    }

    static Whole of(Function<World, OrchestratorBuilder> scene) {
      Whole whole = new Whole(scene);
      assertThat(whole.result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(whole.result.warnings()).isEmpty();
      return whole;
    }

    String text() {
      return result.solution().orElseThrow().text();
    }

    Left left() {
      return Left.of(store, result.run());
    }

    void everywhere(Check check) {
      List<Left> all = tape.everywhere(result.run());
      assertThat(all.size()).isGreaterThan(50);
      for (Left left : all) {
        Resumed resumed = Resumed.of(left, scene);
        try {
          complete(left, resumed);
          check.look(left, resumed);
        } catch (AssertionError e) {
          throw new AssertionError("died with " + left + "\n" + e.getMessage(), e);
        }
      }
    }

    /** What holds for every run. */
    private void complete(Left left, Resumed resumed) {
      assertThat(resumed.result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(resumed.result.warnings()).isEmpty();
      Set<String> again = new TreeSet<>(resumed.world.calls());
      again.retainAll(left.finished());
      assertThat(again).as("finished calls made again").isEmpty();
      assertThat(resumed.world.calls()).doesNotHaveDuplicates();
      assertThat(resumed.world.calls().size() + left.finished().size())
          .isEqualTo(world.calls().size() + refused(left));
      assertThat(errors(resumed.result))
          .as(
              Scenes.events(resumed.result, EventTypes.ERROR_RECORDED).stream()
                  .map(event -> event.data().json())
                  .toList()
                  .toString())
          .isEqualTo(errors(result));
      assertThat(resumed.result.usage().tokens()).isEqualTo(result.usage().tokens());
      assertThat(resumed.result.usage().calls()).isEqualTo(result.usage().calls());
      assertThat(resumed.result.usage().reservedTokens()).isZero();
      assertThat(resumed.result.usage().estimatedTokens()).isEqualTo(left.tokensInFlight());
      assertThat(resumed.unanswered()).as("intents without an outcome").isEmpty();
      assertThat(resumed.result.denials())
          .as("a denial on its way into the journal is made again")
          .hasSizeBetween(result.denials().size(), result.denials().size() + 1);
      assertThat(resumed.ledger.verify()).isInstanceOf(Verification.Ok.class);
    }

    /** Calls of the journal that never got to the world. */
    private static int refused(Left left) {
      return (int)
          left.learned()
              .filter(entry -> entry.kind().equals("model") || entry.kind().equals("tool"))
              .filter(entry -> entry.value().json().contains("\"denied\""))
              .count();
    }

    private static Map<String, Integer> errors(OrchestrationResult result) {
      return result.agents().stream()
          .collect(Collectors.toMap(agent -> agent.id().value(), AgentReport::errors));
    }
  }

  /** A run that another process goes on with, an hour later. Its time stands still then. */
  private static final class Resumed {
    private final World world = new World();
    private final CheckpointStore store;
    private final KeptLedger ledger;
    private final OrchestrationResult result;

    private Resumed(Left left, Function<World, OrchestratorBuilder> scene) {
      this.store = left.store();
      this.ledger = left.ledger();
      OrchestratorBuilder builder =
          scene
              .apply(world)
              .checkpoints(store)
              .ledger(ledger)
              .time(ManualTime.startingAt(Scenes.START.plus(Duration.ofHours(1))));
      try (var orchestrator = builder.build()) {
        result = orchestrator.resume(left.run()).completion().orTimeout(5, TimeUnit.SECONDS).join();
      } catch (RuntimeException e) {
        throw new AssertionError("died with " + left + "\n" + e, e);
      }
    }

    static Resumed of(Left left, Function<World, OrchestratorBuilder> scene) {
      return new Resumed(left, scene);
    }

    String text() {
      return result.solution().orElseThrow().text();
    }

    Left left() {
      return Left.of(store, result.run());
    }

    /** The calls that the ledger says were to be made and not what came of them. */
    List<String> unanswered() {
      List<String> open = new ArrayList<>();
      for (LedgerEntry entry : ledger.entries(LedgerTypes.INTENT)) {
        open.add(entry.idempotencyKey().replace("/intent", "/outcome"));
      }
      ledger.entries(LedgerTypes.OUTCOME).forEach(entry -> open.remove(entry.idempotencyKey()));
      return open;
    }
  }
}
