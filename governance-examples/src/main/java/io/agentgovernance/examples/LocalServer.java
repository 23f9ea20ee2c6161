// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;

/** The standard team with a model on this machine: Ollama, vLLM, llama.cpp, LM Studio. */
public final class LocalServer {
  private static final String OLLAMA = "http://localhost:11434/v1";

  private LocalServer() {}

  /**
   * Runs it.
   *
   * @param args the base URL, if not that of Ollama, and the model, if not llama3.2; both optional
   */
  public static void main(String[] args) {
    String url = args.length > 0 ? args[0] : OLLAMA;
    String model = args.length > 1 ? args[1] : "llama3.2";
    // tag::server[]
    try (var orchestrator =
        Orchestrator.builder()
            .providerSetting("openrouter.base-url", url)
            .model("openrouter:" + model)
            .build()) {
      OrchestrationResult result = orchestrator.run("Design a caching strategy for 10k reads/s");
      System.out.println(result.status());
      result.solution().ifPresent(solution -> System.out.println(solution.text()));
      System.out.println(result.usage().calls() + " calls");
      // end::server[]
      if (result.usage().calls() == 0) {
        System.out.println(
            "No answer from "
                + url
                + ": start a server (ollama run "
                + model
                + "), or work without one: ./governance run --mode local \"<objective>\"");
      }
    }
  }
}
