// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A person decides about one action: the run rests without a thread, then goes on. */
public final class HumanApproval {
  private HumanApproval() {}

  record Letter(String to, String text) {}

  record Sent(String reference) {}

  public static void main(String[] args) throws InterruptedException {
    AtomicInteger modelCalls = new AtomicInteger();
    // Stands in for a language model and counts how often it is asked.
    ChatModel model =
        (request, exchange) -> {
          modelCalls.incrementAndGet();
          return ChatReply.of("Your limit was raised.", Usage.of(90, 12), request.model());
        };

    Tool send =
        Tool.of(
            "send",
            Letter.class,
            Sent.class,
            (in, call) -> {
              System.out.println("sent to " + in.to() + ": " + in.text());
              return new Sent("L-1");
            });

    Agent writer =
        Agent.of(
                "writer",
                ctx -> {
                  String text = ctx.model().ask(Prompt.user("Write to the customer")).text();
                  return ctx.tools().call("send", new Letter("4711", text), Sent.class).reference();
                })
            .tier(TrustTier.T3)
            .tools("send");

    // tag::policy[]
    Policy fourEyes =
        action ->
            action.name().equals("tool:send")
                ? Verdict.requireApproval("May this letter go out?", Duration.ofHours(8))
                : Verdict.allow();
    // end::policy[]

    // tag::run[]
    try (var orchestrator =
        Orchestrator.builder()
            .model("offline", model)
            .tools(send)
            .team(Team.of(DecisionRule.by("writer"), writer))
            .policy(fourEyes.named("four-eyes", "1"))
            .approver(Approver.queue())
            .build()) {
      OrchestrationResult resting = orchestrator.run("Tell customer 4711 about the new limit");
      System.out.println(resting.status() + " after " + modelCalls + " model call");

      ApprovalRequest request = orchestrator.approvals().pending().get(0);
      System.out.println(request.question() + " " + request.subject().text());
      orchestrator.approvals().approve(request, "maria"); // as your own login names her

      OrchestrationResult result = orchestrator.find(resting.run()).orElseThrow().await();
      System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
      System.out.println(modelCalls + " model call in all: its reply was taken from the journal");
    }
    // end::run[]
  }
}
