// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.MetricsCollector;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.time.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Ten thousand orchestrations one after the other. Prints what is left of them. */
final class ManyRunsMain {
  static final int WARM_UP = 1_000;
  static final int RUNS = 10_000;
  static final int RETAINED = 8;

  private ManyRunsMain() {}

  /** Threads of the library that come when there is much to do and leave when they idle. */
  private static final Pattern POOLED = Pattern.compile("^governance-(control|abort|result|event)");

  public static void main(String[] args) {
    List<RunId> ids = new ArrayList<>();
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .workers(Workers.platform(3))
            .retainedRuns(RETAINED)
            .listener(new MetricsCollector())
            .listener(event -> {})
            .model(
                "quick",
                (request, exchange) ->
                    ChatReply.of("an idea of some length", Usage.of(5, 5), request.model()))
            .team(team())
            .build()) {
      int completed = run(orchestrator, WARM_UP, ids);
      print("warm", completed);
      completed = run(orchestrator, RUNS, ids);
      print("done", completed);
      long findable = ids.stream().filter(id -> orchestrator.find(id).isPresent()).count();
      System.out.println("findable " + findable);
    }
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static Team team() {
    return Team.of(
        DecisionRule.quorum(),
        Agent.of(
            "ALPHA",
            ctx -> {
              ctx.propose(ctx.model().ask(Prompt.user("What to do?")).text());
              ctx.blackboard().put("proposed", true);
              return ctx.receiveFrom("BETA", Runs.LONG).orElseThrow().content().text();
            }),
        Agent.of(
            "BETA",
            ctx -> {
              ctx.awaitChange(List.of(), Runs.LONG);
              var proposal = ctx.proposals().get(0);
              ctx.vote(proposal, Ballot.Choice.ACCEPT, "good");
              ctx.solve(proposal.content());
              ctx.send("ALPHA", "solved");
              return "voted";
            }));
  }

  private static int run(Orchestrator orchestrator, int runs, List<RunId> ids) {
    int completed = 0;
    for (int i = 0; i < runs; i++) {
      OrchestrationResult result = orchestrator.run(RunRequest.of("Decide something"));
      completed += result.status() == PipelineStatus.COMPLETED ? 1 : 0;
      ids.add(result.run());
    }
    return completed;
  }

  private static void print(String when, int completed) {
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    System.out.printf(
        "%s completed=%d heap=%d threads=%d pooled=%d%n",
        when,
        completed,
        runtime.totalMemory() - runtime.freeMemory(),
        threads(name -> !POOLED.matcher(name).find()),
        threads(POOLED.asPredicate()));
  }

  private static long threads(Predicate<String> named) {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(named).count();
  }
}
