// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

// tag::program[]
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;

/** The smallest program: the standard team on the offline stand-in for a model. */
public final class Hello {
  private Hello() {}

  public static void main(String[] args) {
    // tag::hello[]
    try (var orchestrator = Orchestrator.builder().model("local:").build()) {
      OrchestrationResult result = orchestrator.run("Design a caching strategy for 10k reads/s");
      System.out.println(result.status() + "\n" + result.report());
    }
    // end::hello[]
  }
}
// end::program[]
