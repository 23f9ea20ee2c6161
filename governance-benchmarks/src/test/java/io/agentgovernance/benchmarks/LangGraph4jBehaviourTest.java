// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static io.agentgovernance.benchmarks.LangGraph4jForkJoin.onThread;
import static org.assertj.core.api.Assertions.assertThat;
import static org.bsc.langgraph4j.GraphDefinition.END;
import static org.bsc.langgraph4j.GraphDefinition.START;
import static org.bsc.langgraph4j.action.AsyncNodeAction.node_async;

import java.util.ArrayList;
import java.util.Map;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.checkpoint.MemorySaver;
import org.junit.jupiter.api.Test;

/** Controls: the probe sees what is there, so that "lost" means lost. */
class LangGraph4jBehaviourTest {

  @Test
  void seesAResultThatACheckpointHas() throws Exception {
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var graph = LangGraph4jBehaviour.graph(StubModel.immediate(), new MemorySaver());
      graph.invoke(LangGraph4jBehaviour.INPUT, onThread(LangGraph4jBehaviour.RUN, pool));

      var kept = LangGraph4jBehaviour.kept(graph, pool, LangGraph4jForkJoin.SYNTHESIS);

      assertThat(kept).isEqualTo(Cell.Kept.STORED);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void seesTheDraftOfANodeThatIsNotInAFork() throws Exception {
    var chunks = new ArrayList<String>();
    var graph =
        new StateGraph<>(LangGraph4jForkJoin.State::new)
            .addNode("alpha", node_async(LangGraph4jBehaviour.drafting(StubModel.immediate())))
            .addEdge(START, "alpha")
            .addEdge("alpha", END)
            .compile();

    LangGraph4jBehaviour.drain(graph.stream(Map.of(), RunnableConfig.empty()), chunks);

    assertThat(chunks).containsExactly("a draft");
  }
}
