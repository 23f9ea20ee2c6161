// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stop, a deadline and the agents' own end at the same moment: one of them it is. */
@Timeout(180)
class OneEndingTest {
  private static final int REPETITIONS = 500;
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final ManualTime time = Runs.manualTime();
  private final KeptStores stores = new KeptStores(time);
  private final KeptLedger ledger = new KeptLedger();

  @Test
  void aRunHasExactlyOneTerminalStatusWhateverComesTogether() throws Exception {
    Map<PipelineStatus, Integer> seen = new EnumMap<>(PipelineStatus.class);
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .time(time)
            .workers(Workers.platform(4))
            .blackboard(stores)
            .ledger(ledger)
            .timeout(TIMEOUT)
            .build()) {
      for (int i = 0; i < REPETITIONS; i++) {
        seen.merge(once(orchestrator), 1, Integer::sum);
      }
    }

    assertThat(seen.keySet())
        .isSubsetOf(PipelineStatus.COMPLETED, PipelineStatus.STOPPED, PipelineStatus.TIMEOUT);
    assertThat(seen.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(REPETITIONS);
  }

  private PipelineStatus once(Orchestrator orchestrator) throws Exception {
    var inside = new CountDownLatch(1);
    var held = new Held();
    var together = new CyclicBarrier(3);
    Team team =
        Runs.alone(
            ctx -> {
              inside.countDown();
              held.politely();
              return "done";
            });
    Orchestration run = orchestrator.start(RunRequest.of("End").team(team));
    Held.reached(inside);

    CompletableFuture<StopReport> stop =
        Runs.aside(
            () -> {
              together.await();
              return run.stop("enough");
            });
    CompletableFuture<Boolean> released =
        Runs.aside(
            () -> {
              together.await();
              held.release();
              return true;
            });
    together.await();
    time.advance(TIMEOUT);
    OrchestrationResult result = Runs.get(run.completion(), time, Duration.ofMillis(20));
    Runs.get(stop, time, Duration.ofMillis(20));
    Runs.get(released);

    assertThat(run.status()).isEqualTo(result.status());
    assertThat(stores.of(run.id()).status()).isEqualTo(result.status());
    assertThat(run.await()).isSameAs(result);
    assertThat(result.timeline().stream().filter(Event::terminal)).hasSize(1);
    assertThat(result.timeline()).last().matches(Event::terminal);
    assertThat(
            result.timeline().stream()
                .filter(event -> event.type().equals(EventTypes.ORCHESTRATION_COMPLETE))
                .map(event -> event.data().at("/status").orElseThrow().text()))
        .containsExactly(result.status().name());
    assertThat(ledger.types(run.id())).containsOnlyOnce(LedgerTypes.STATUS);
    assertThat(ledger.types(run.id())).last().isEqualTo(LedgerTypes.STATUS);
    stores.forget(run.id());
    return result.status();
  }
}
