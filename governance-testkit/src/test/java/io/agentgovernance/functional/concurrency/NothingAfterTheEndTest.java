// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.functional.concurrency.Stubborn.Place;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thousand runs whose agents are blocked in a model, in a tool or waiting for a message, and of
 * which every other one is deaf to interrupts: what they still do after the result has no effect.
 */
@Timeout(180)
class NothingAfterTheEndTest {
  private static final int BATCHES = 10;
  private static final int BATCH = 50;
  private static final List<Place> PLACES = List.of(Place.values());
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration GRACE = Duration.ofMillis(20);

  /** How the runs of the test end. */
  enum End {
    DEADLINE(PipelineStatus.TIMEOUT, AgentStatus.TIMED_OUT),
    STOP(PipelineStatus.STOPPED, AgentStatus.STOPPED);

    private final PipelineStatus status;
    private final AgentStatus ofAgents;

    End(PipelineStatus status, AgentStatus ofAgents) {
      this.status = status;
      this.ofAgents = ofAgents;
    }
  }

  /** All of a run's state that an agent could have changed. */
  private record State(
      List<BlackboardEntry> board,
      List<List<AgentMessage>> messages,
      List<Proposal> proposals,
      List<Handoff> handoffs,
      List<AgentState> agents,
      boolean solved,
      List<String> ledger,
      int checkpoints) {}

  private final ManualTime time = Runs.manualTime();
  private final KeptStores stores = new KeptStores(time);
  private final KeptLedger ledger = new KeptLedger();
  private final MemoryCheckpointStore checkpoints = new MemoryCheckpointStore();

  @ParameterizedTest
  @EnumSource
  void nothingIsAcceptedAfterTheResultHoweverTheAgentsWereBlocked(End end) {
    try (var threads = new CountedThreads()) {
      for (int batch = 0; batch < BATCHES; batch++) {
        var stubborn = new Stubborn(BATCH);
        try (Orchestrator orchestrator = orchestrator(threads, stubborn);
            stubborn) {
          batch(orchestrator, threads, stubborn, end);
        }
      }
    }
  }

  private Orchestrator orchestrator(CountedThreads threads, Stubborn stubborn) {
    Team team =
        Team.of(
                DecisionRule.collect(),
                Agent.of("ALPHA", stubborn::run).tools("slow"),
                Agent.of(
                    "BETA",
                    ctx -> {
                      ctx.propose("something to vote on");
                      ctx.receive(Runs.LONG);
                      return "nobody wrote";
                    }))
            .withoutMediator();
    return Orchestrator.builder()
        .time(time)
        .workers(Workers.executor(threads, 2 * BATCH))
        .blackboard(stores)
        .ledger(ledger)
        .checkpoints(checkpoints)
        .stopGrace(GRACE)
        .timeout(TIMEOUT)
        .model("blocking", stubborn.model())
        .tools(stubborn.tool())
        .team(team)
        .build();
  }

  private void batch(
      Orchestrator orchestrator, CountedThreads threads, Stubborn stubborn, End end) {
    List<Orchestration> runs = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      runs.add(orchestrator.start(RunRequest.of(place(i).name())));
    }
    stubborn.awaitBlocked();

    List<CompletableFuture<StopReport>> stops = new ArrayList<>();
    if (end == End.DEADLINE) {
      time.advance(TIMEOUT);
    } else {
      runs.forEach(run -> stops.add(Runs.aside(() -> run.stop("enough"))));
    }
    int deaf = (int) runs.stream().filter(run -> placeOf(run, runs).deaf()).count();
    threads.awaitRunning(deaf); // those who listen have gone before the grace is over

    Map<RunId, State> before = new LinkedHashMap<>();
    for (Orchestration run : runs) {
      OrchestrationResult result = Runs.get(run.completion(), time, GRACE);
      check(result, placeOf(run, runs), end);
      before.put(run.id(), state(run.id()));
    }
    stubborn.close();
    threads.awaitRunning(0);
    stops.forEach(Runs::get);

    before.forEach((run, state) -> assertThat(state(run)).as("run " + run).isEqualTo(state));
    assertThat(stubborn.accepted()).as("calls that were answered after the end").isZero();
    assertThat(stubborn.refused()).isEqualTo(BATCH - deaf + deaf * Stubborn.ATTEMPTS);
    runs.forEach(run -> stores.forget(run.id()));
  }

  private static Place place(int run) {
    return PLACES.get(run % PLACES.size());
  }

  private static Place placeOf(Orchestration run, List<Orchestration> runs) {
    return place(runs.indexOf(run));
  }

  private void check(OrchestrationResult result, Place place, End end) {
    assertThat(result.status()).isEqualTo(end.status);
    assertThat(result.abandonedThreads())
        .as("abandoned, %s", place)
        .isEqualTo(place.deaf() ? 1 : 0);
    AgentReport alpha = result.agent("ALPHA").orElseThrow();
    assertThat(alpha.thread())
        .isEqualTo(
            place.deaf() ? AgentReport.ThreadState.ABANDONED : AgentReport.ThreadState.ENDED);
    assertThat(result.agent("BETA").orElseThrow().thread())
        .isEqualTo(AgentReport.ThreadState.ENDED);
    assertThat(result.agents()).allMatch(agent -> agent.status() == end.ofAgents);
    assertThat(alpha.output(AgentPhase.PLAN)).as("partial output").isPresent();
    assertThat(alpha.output()).isEmpty();
    assertThat(result.report())
        .startsWith("# Partial report")
        .contains(end.status.name(), "something to vote on");
    assertThat(result.usage().reservedTokens()).as("reserved by nobody").isZero();
    boolean asked = place == Place.MODEL || place == Place.DEAF_MODEL;
    assertThat(result.usage().estimatedTokens() > 0).as("an unknown outcome").isEqualTo(asked);
    assertThat(ledger.types(result.run())).last().isEqualTo(LedgerTypes.STATUS);
  }

  private State state(RunId run) {
    RunStore store = stores.of(run);
    return new State(
        store.entries(""),
        store.agents().stream().map(agent -> store.messages(agent.id(), 0, 1_000)).toList(),
        store.proposals(),
        store.handoffs(),
        store.agents().stream().map(NothingAfterTheEndTest::withoutUsage).toList(),
        store.solution().isPresent(),
        ledger.types(run),
        checkpoints.read(run, 0, 100_000).size());
  }

  /** What a call took may become known late: that is no effect of the run. */
  private static AgentState withoutUsage(AgentState agent) {
    return new AgentState(
        agent.id(),
        agent.role(),
        agent.tier(),
        agent.version(),
        agent.reason(),
        agent.successorOf(),
        agent.status(),
        agent.phase(),
        agent.outputs(),
        agent.errors(),
        agent.violations(),
        agent.failure(),
        Spend.NONE);
  }
}
