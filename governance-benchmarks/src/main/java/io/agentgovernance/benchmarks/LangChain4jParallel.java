// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import java.util.Map;
import java.util.concurrent.Executor;

/** LangChain4j's agentic module: two agents in a parallel workflow, on the given pool. */
public final class LangChain4jParallel implements Contender {

  private final UntypedAgent both;

  /** Creates the workflow. */
  public LangChain4jParallel(StubModel model, Executor pool) {
    both =
        AgenticServices.parallelBuilder()
            .subAgents(LangChain4jAgents.alpha(model), LangChain4jAgents.beta(model))
            .executor(pool)
            .output(LangChain4jAgents::join)
            .build();
  }

  @Override
  public String run(String topic) {
    return (String) both.invoke(Map.of(LangChain4jAgents.TOPIC, topic));
  }
}
