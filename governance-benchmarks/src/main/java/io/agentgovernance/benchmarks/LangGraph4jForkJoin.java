// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static org.bsc.langgraph4j.GraphDefinition.END;
import static org.bsc.langgraph4j.GraphDefinition.START;
import static org.bsc.langgraph4j.action.AsyncNodeAction.node_async;

import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.bsc.langgraph4j.CompileConfig;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphStateException;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.action.NodeAction;
import org.bsc.langgraph4j.checkpoint.MemorySaver;
import org.bsc.langgraph4j.state.AgentState;

/**
 * LangGraph4j: a fork with two nodes and a join. Without an executor for the fork it would run them
 * one by one.
 */
public final class LangGraph4jForkJoin implements Contender {

  static final String FORK = "fork";
  static final String TOPIC = "topic";
  static final String RESEARCH = "research";
  static final String SYNTHESIS = "synthesis";
  static final String OUT = "out";

  private final CompiledGraph<State> graph;
  private final Supplier<RunnableConfig> configs;

  private LangGraph4jForkJoin(CompiledGraph<State> graph, Supplier<RunnableConfig> configs) {
    this.graph = graph;
    this.configs = configs;
  }

  /** A graph that keeps its state in the run only. */
  public static LangGraph4jForkJoin create(StubModel model, Executor pool)
      throws GraphStateException {
    var config = RunnableConfig.builder().addParallelNodeExecutor(FORK, pool).build();
    return new LangGraph4jForkJoin(
        graph(research(model), synthesis(model), CompileConfig.builder().build()), () -> config);
  }

  /**
   * A graph that writes a checkpoint after each step to a {@link MemorySaver}. Each run is a thread
   * of its own, released at its end; otherwise the saver would grow with every run.
   */
  public static LangGraph4jForkJoin withMemorySaver(StubModel model, Executor pool)
      throws GraphStateException {
    var config =
        CompileConfig.builder().checkpointSaver(new MemorySaver()).releaseThread(true).build();
    var runs = new AtomicLong();
    return new LangGraph4jForkJoin(
        graph(research(model), synthesis(model), config),
        () -> onThread(Long.toString(runs.incrementAndGet()), pool));
  }

  @Override
  public String run(String topic) {
    return graph.invoke(Map.of(TOPIC, topic), configs.get()).orElseThrow().text(OUT);
  }

  static RunnableConfig onThread(String id, Executor pool) {
    return RunnableConfig.builder().threadId(id).addParallelNodeExecutor(FORK, pool).build();
  }

  static CompiledGraph<State> graph(
      NodeAction<State> alpha, NodeAction<State> beta, CompileConfig config)
      throws GraphStateException {
    return new StateGraph<>(State::new)
        .addNode(FORK, node_async(state -> Map.of()))
        .addNode("alpha", node_async(alpha))
        .addNode("beta", node_async(beta))
        .addNode("join", node_async(LangGraph4jForkJoin::join))
        .addEdge(START, FORK)
        .addEdge(FORK, "alpha")
        .addEdge(FORK, "beta")
        .addEdge("alpha", "join")
        .addEdge("beta", "join")
        .addEdge("join", END)
        .compile(config);
  }

  static NodeAction<State> research(StubModel model) {
    return state -> Map.of(RESEARCH, model.reply(Role.ALPHA, "Research " + state.text(TOPIC)));
  }

  static NodeAction<State> synthesis(StubModel model) {
    return state -> Map.of(SYNTHESIS, model.reply(Role.BETA, "Synthesise " + state.text(TOPIC)));
  }

  private static Map<String, Object> join(State state) {
    return Map.of(OUT, state.text(RESEARCH) + " " + state.text(SYNTHESIS));
  }

  /** The graph's state. */
  static final class State extends AgentState {
    State(Map<String, Object> data) {
      super(data);
    }

    /** The text under the key, or an empty one. */
    String text(String key) {
      return this.<String>value(key).orElse("");
    }
  }
}
