// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static io.agentgovernance.benchmarks.LangGraph4jForkJoin.onThread;

import io.agentgovernance.benchmarks.LangGraph4jForkJoin.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.bsc.async.AsyncGenerator;
import org.bsc.langgraph4j.CompileConfig;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphInput;
import org.bsc.langgraph4j.GraphStateException;
import org.bsc.langgraph4j.NodeOutput;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.action.NodeAction;
import org.bsc.langgraph4j.checkpoint.BaseCheckpointSaver;
import org.bsc.langgraph4j.checkpoint.MemorySaver;
import org.bsc.langgraph4j.streaming.StreamingOutput;

/**
 * LangGraph4j's fork and join with an executor for the fork and a saver. Runs are streamed, because
 * only a stream can be cancelled and only a stream could hand over a draft.
 */
public final class LangGraph4jBehaviour implements Behaviour {

  static final String RUN = "run";
  static final Map<String, Object> INPUT = Map.of(LangGraph4jForkJoin.TOPIC, "bees");
  private static final int WARM_UPS = 2_000;

  /** Creates the probe. */
  public LangGraph4jBehaviour() {}

  @Override
  public String name() {
    return LibraryJar.of(StateGraph.class).name();
  }

  @Override
  public void warmUp() throws Exception {
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var model = StubModel.immediate();
      var plain = graph(model, new MemorySaver());
      var drafting = graph(drafting(model), model, new MemorySaver());
      for (var i = 0; i < WARM_UPS; i++) {
        plain.invoke(INPUT, onThread("warm-up " + i, pool));
        drain(drafting.stream(INPUT, onThread("warm-up " + i, pool)), new ArrayList<>());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Override
  public Cell oneAgentFails() throws Exception {
    var model = new ProbeModel().fails(Role.ALPHA, FAILS_AFTER).answers(Role.BETA, SLOW);
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var saver = new MemorySaver();
      var chunks = new ArrayList<String>();
      var graph = graph(drafting(model), model, saver);
      var attempt = Attempt.of(() -> drain(graph.stream(INPUT, onThread(RUN, pool)), chunks));
      model.awaitQuiet();
      return new Cell.OneAgentFails(
          attempt.millis(),
          attempt.errorName(),
          kept(graph, pool, LangGraph4jForkJoin.SYNTHESIS),
          chunks.isEmpty() ? Cell.Kept.LOST : Cell.Kept.RETURNED,
          model.answeredAfter(attempt.endNanos()));
    } finally {
      pool.shutdownNow();
    }
  }

  @Override
  public Cell callerGivesUp() throws Exception {
    var model = new ProbeModel().answers(Role.ALPHA, SLOW).answers(Role.BETA, SLOW);
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var stream = graph(model, new MemorySaver()).stream(INPUT, onThread(RUN, pool));
      return Attempt.givenUp(
          "cancels the stream, interrupts its thread",
          model,
          () -> drain(stream, new ArrayList<>()),
          () -> stream.cancel(true));
    } finally {
      pool.shutdownNow();
    }
  }

  @Override
  public Cell resultsKept() throws Exception {
    var model = new ProbeModel().fails(Role.ALPHA, FAILS_AFTER).answers(Role.BETA, Duration.ZERO);
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var graph = graph(model, new MemorySaver());
      var attempt = Attempt.of(() -> graph.invoke(INPUT, onThread(RUN, pool)));
      model.awaitQuiet();
      return new Cell.ResultsKept(
          attempt.error() == null
              ? Cell.Kept.RETURNED
              : kept(graph, pool, LangGraph4jForkJoin.SYNTHESIS));
    } finally {
      pool.shutdownNow();
    }
  }

  @Override
  public Cell resume() throws Exception {
    var model =
        new ProbeModel().failsTimes(Role.ALPHA, FAILS_AFTER, 1).answers(Role.BETA, Duration.ZERO);
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var saver = new MemorySaver();
      var first = graph(model, saver);
      Attempt.of(() -> first.invoke(INPUT, onThread(RUN, pool)));
      model.awaitQuiet();
      var second = graph(model, saver);
      var again = Attempt.of(() -> result(second.invoke(GraphInput.resume(), onThread(RUN, pool))));
      model.awaitQuiet();
      return new Cell.Resumed(
          model.calls().size(), model.calls(Role.BETA) - 1, again.outcomeOfBoth());
    } finally {
      pool.shutdownNow();
    }
  }

  @Override
  public Cell tokenSum() {
    return searchedFor("Usage", "Token", "Cost");
  }

  @Override
  public Cell retryForEver() {
    return searchedFor("Retry", "ErrorHandler", "Recovery");
  }

  private static Cell searchedFor(String... words) {
    return new Cell.NotOffered(List.of(words), LibraryJar.of(StateGraph.class).typesNamed(words));
  }

  static CompiledGraph<State> graph(StubModel model, BaseCheckpointSaver saver)
      throws GraphStateException {
    return graph(LangGraph4jForkJoin.research(model), model, saver);
  }

  private static CompiledGraph<State> graph(
      NodeAction<State> alpha, StubModel model, BaseCheckpointSaver saver)
      throws GraphStateException {
    var config = CompileConfig.builder().checkpointSaver(saver).build();
    return LangGraph4jForkJoin.graph(alpha, LangGraph4jForkJoin.synthesis(model), config);
  }

  private static String result(Optional<State> last) {
    return last.orElseThrow().text(LangGraph4jForkJoin.OUT);
  }

  static Cell.Kept kept(CompiledGraph<State> graph, ExecutorService pool, String key) {
    return graph.getStateHistory(onThread(RUN, pool)).stream()
            .anyMatch(snapshot -> snapshot.state().data().containsKey(key))
        ? Cell.Kept.STORED
        : Cell.Kept.LOST;
  }

  /** Reads the stream to its end and returns its last state; drafts go to the list. */
  static Map<String, Object> drain(AsyncGenerator<NodeOutput<State>> stream, List<String> chunks) {
    Map<String, Object> last = Map.of();
    for (var output : stream) {
      if (output instanceof StreamingOutput<State> streaming) {
        chunks.add(streaming.chunk());
      }
      last = output.state().data();
    }
    return last;
  }

  /** An ALPHA that streams a draft, then makes its model call. */
  static NodeAction<State> drafting(StubModel model) {
    return state -> Map.of("draft", AsyncGenerator.from(new DraftThenCall(model, state)));
  }

  private static final class DraftThenCall implements Iterator<NodeOutput<State>> {

    private final StubModel model;
    private final State state;
    private int given;

    DraftThenCall(StubModel model, State state) {
      this.model = model;
      this.state = state;
    }

    @Override
    public boolean hasNext() {
      return given < 2;
    }

    @Override
    public NodeOutput<State> next() {
      given++;
      if (given == 1) {
        return new StreamingOutput<>("a draft", "alpha", state, NodeOutput.of("alpha", state));
      }
      try {
        var reply = model.reply(Role.ALPHA, "Research");
        return NodeOutput.of("alpha", new State(Map.of(LangGraph4jForkJoin.RESEARCH, reply)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted in the model call of ALPHA", e);
      }
    }
  }
}
