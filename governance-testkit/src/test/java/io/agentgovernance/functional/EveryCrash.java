// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a run comes to that nobody interrupted, and one that another process goes on with. */
abstract class EveryCrash {
  static void same(Whole whole, Resumed resumed) {
    assertThat(resumed.result.solution()).isEqualTo(whole.result.solution());
    assertThat(resumed.left().blackboard()).isEqualTo(whole.left().blackboard());
  }

  static OrchestratorBuilder builder(World world) {
    return Orchestrator.builder()
        .tools(world.balance(), world.book(), world.transfer())
        .approver(world)
        .model("m", world.model());
  }

  /** What is looked at after a resumed run. */
  interface Check {
    void look(Left left, Resumed resumed);
  }

  /** A run that nothing interrupted. */
  static final class Whole {
    private final Function<World, OrchestratorBuilder> scene;
    final World world = new World();
    private final CrashTape tape = new CrashTape();
    private final CheckpointStore store = tape.checkpoints();
    final OrchestrationResult result;

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
  static final class Resumed {
    final World world = new World();
    private final CheckpointStore store;
    final KeptLedger ledger;
    final OrchestrationResult result;

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
