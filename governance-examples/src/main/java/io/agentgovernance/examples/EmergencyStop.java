// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import java.util.concurrent.CountDownLatch;

/** A run is stopped while a model call is on its way; what was done is in the partial report. */
public final class EmergencyStop {
  private EmergencyStop() {}

  public static void main(String[] args) throws InterruptedException {
    CountDownLatch thinking = new CountDownLatch(1);
    // Stands in for a language model that takes for ever; it ends when it is interrupted.
    ChatModel endless =
        (request, exchange) -> {
          thinking.countDown();
          exchange.time().waiter().await(exchange.remaining());
          return ChatReply.of("too late", Usage.of(40, 2), request.model());
        };

    Team team =
        Team.of(
            DecisionRule.by("writer"),
            Agent.of("collector", ctx -> "3 invoices are open"),
            Agent.of(
                "writer",
                ctx -> {
                  String found = ctx.awaitOutput("collector", String.class);
                  return ctx.model().ask(Prompt.user("Remind them").data("found", found)).text();
                }));

    try (var orchestrator = Orchestrator.builder().model("offline", endless).team(team).build()) {
      // tag::stop[]
      Orchestration run = orchestrator.start(RunRequest.of("Remind the customers that owe us"));
      Thread operator =
          new Thread(
              () -> {
                awaitQuietly(thinking);
                StopReport report = run.stop("wrong customer file");
                report.agents().forEach((agent, said) -> System.out.println(agent + " " + said));
              });
      operator.start();

      OrchestrationResult result = run.await();
      operator.join();
      System.out.println(result.status() + "\n" + result.report());
      // end::stop[]
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
