// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A process is killed in the middle of a run, and another one that stands by takes the run over.
 * The two share a Redis and no disk, and ask the same provider, which counts. Give it the URI of a
 * Redis. With a run's id and a provider behind it, it is the process that is killed.
 */
public final class TakenOver {
  private static final String ANSWERED = "the first answer is kept";

  private TakenOver() {}

  public static void main(String[] args) throws Exception {
    String redis = args.length > 0 ? args[0] : "redis://127.0.0.1:6379";
    if (args.length == 3) {
      beKilled(redis, RunId.of(args[1]), URI.create(args[2]));
      return;
    }
    try (CountingProvider provider = CountingProvider.start(TakenOver::answer)) {
      takeOver(redis, RunId.random(), provider);
    }
  }

  /** What the provider of the model answers. */
  private static String answer(String question) {
    return question.contains("Which risks") ? "a flood" : "buy sandbags";
  }

  // tag::configured[]
  /** The same in both processes. A lease of two seconds, so that nobody has to wait long. */
  static OrchestratorBuilder configured(String redis, URI provider, Runnable between) {
    Agent writer =
        Agent.of(
            "writer",
            ctx -> {
              var risks = ctx.model().ask(Prompt.user("Which risks are there?")).text();
              between.run(); // where the first process is killed
              return ctx.model().ask(Prompt.user("Write the plan").data("risks", risks)).text();
            });
    return Orchestrator.builder()
        .model("counted", (request, exchange) -> ask(provider, request))
        .team(Team.of(DecisionRule.by("writer"), writer))
        .blackboard(redis + "?leaseTtl=2s")
        .checkpoints(redis);
  }

  // end::configured[]

  private static ChatReply ask(URI provider, ChatRequest request) {
    try {
      String answer = CountingProvider.ask(provider, request.messages().get(0).text());
      return ChatReply.of(answer, Usage.of(40, 4), request.model());
    } catch (IOException e) {
      throw ModelException.of(ModelException.Kind.UNAVAILABLE, "the provider is away").build();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ModelException.of(ModelException.Kind.UNAVAILABLE, "interrupted").build();
    }
  }

  /** The process that is killed: it starts the run and gets no further than the first answer. */
  private static void beKilled(String redis, RunId run, URI provider) throws InterruptedException {
    Runnable waiting =
        () -> {
          System.out.println(ANSWERED);
          forEver();
        };
    try (Orchestrator orchestrator = configured(redis, provider, waiting).build()) {
      orchestrator.start(RunRequest.of("Prepare for winter").id(run)).await();
    }
  }

  private static void forEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // tag::takeOver[]
  /** Stands by, kills the process that is at the run (kill -9), and goes on with it. */
  static void takeOver(String redis, RunId run, CountingProvider provider) throws Exception {
    var answered = new CountDownLatch(1);
    SecondProcess other =
        SecondProcess.start(
            TakenOver.class,
            List.of(redis, run.value(), provider.uri().toString()),
            line -> {
              if (line.equals(ANSWERED)) {
                answered.countDown();
              }
            });
    answered.await();
    try (Orchestrator orchestrator = configured(redis, provider.uri(), () -> {}).build()) {
      Joined standby = orchestrator.join(JoinRequest.of(run));
      other.kill();
      System.out.println("second process: exit code " + other.waitFor());

      JoinEnd end = standby.await(); // when the lease of the killed process has run out
      Orchestration taken = ((JoinEnd.TakenOver) end).run();
      OrchestrationResult result = taken.await();

      System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
      System.out.println(result.usage().calls() + " model calls in both processes together");
      System.out.println("calls that the provider saw: " + provider.calls());
      System.out.println("repeated model calls: " + provider.repeated());
    }
  }
  // end::takeOver[]
}
