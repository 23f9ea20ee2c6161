// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static org.bsc.langgraph4j.GraphDefinition.END;
import static org.bsc.langgraph4j.GraphDefinition.START;
import static org.bsc.langgraph4j.action.AsyncEdgeAction.edge_async;
import static org.bsc.langgraph4j.action.AsyncNodeAction.node_async;

import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.bsc.langgraph4j.CompileConfig;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphStateException;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.checkpoint.FileSystemSaver;
import org.bsc.langgraph4j.serializer.std.ObjectStreamStateSerializer;
import org.bsc.langgraph4j.state.AgentState;

/**
 * LangGraph4j: a node that leads to itself until the steps are done, with the saver for files. Its
 * savers for databases are listed in its BOM but not in Maven Central at this version.
 */
final class LangGraph4jSteps implements StepContender {

  private static final String NUMBER = "number";
  private static final String STEPS = "steps";

  private final CompiledGraph<State> graph;

  LangGraph4jSteps(Path folder, int maxSteps) throws GraphStateException {
    var serializer = new ObjectStreamStateSerializer<>(State::new);
    var config =
        CompileConfig.builder()
            .checkpointSaver(new FileSystemSaver(folder, serializer))
            .recursionLimit(2 * maxSteps + 10)
            .build();
    graph =
        new StateGraph<>(State::new)
            .addNode("add", node_async(state -> Map.of(NUMBER, state.number(NUMBER) + 1)))
            .addEdge(START, "add")
            .addConditionalEdges(
                "add",
                edge_async(
                    state -> state.number(NUMBER) < state.number(STEPS) ? "again" : "enough"),
                Map.of("again", "add", "enough", END))
            .compile(config);
  }

  @Override
  public String name() {
    return LibraryJar.of(StateGraph.class).name() + ", node";
  }

  @Override
  public String settings() {
    return "FileSystemSaver, one file per run, written anew after each node and never synced: it"
        + " survives the process, not the machine";
  }

  @Override
  public void run(int steps, StepTimes times) {
    var config = RunnableConfig.builder().threadId(UUID.randomUUID().toString()).build();
    var last = new State(Map.of());
    var start = System.nanoTime();
    for (var output : graph.stream(Map.of(STEPS, steps, NUMBER, 0), config)) {
      last = output.state();
      if (output.node().equals("add")) {
        times.since(start);
      }
      start = System.nanoTime();
    }
    if (last.number(NUMBER) != steps) {
      throw new IllegalStateException("expected " + steps + " but found " + last.data());
    }
  }

  @Override
  public void close() {}

  /** The graph's state. */
  static final class State extends AgentState {
    State(Map<String, Object> data) {
      super(data);
    }

    int number(String key) {
      return this.<Integer>value(key).orElse(0);
    }
  }
}
