// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRefusedException;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Set;

/**
 * One process at a run of two agents, to be killed or paused: {@code NodeMain start|join <redis>
 * <run>}. Who called a model, and which answers the agents went on with, is counted in the Redis.
 */
final class NodeMain {
  /** The lease of these processes. */
  static final Duration LEASE = Duration.ofSeconds(2);

  private static final int ROUNDS = 12;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private NodeMain() {}

  public static void main(String[] args) throws Exception {
    String redis = args[1];
    RunId run = RunId.of(args[2]);
    RedisClient client = RedisClient.create(redis);
    RedisCommands<String, String> counts = client.connect().sync();
    try (Orchestrator orchestrator = node(redis, counts).build()) {
      if (args[0].equals("start")) {
        RunRequest request = RunRequest.of("Count to twelve").id(run).elsewhere("beta");
        var started = orchestrator.start(request);
        System.out.println("STARTED");
        print(started.await());
      } else {
        Joined joined = join(orchestrator, run);
        System.out.println("JOINED");
        JoinEnd end = joined.await();
        if (end instanceof JoinEnd.TakenOver taken) {
          print(taken.run().await());
        } else {
          System.out.println("ENDED " + end);
        }
      }
    }
    client.shutdown();
  }

  private static Joined join(Orchestrator orchestrator, RunId run) {
    while (true) {
      try {
        return orchestrator.join(JoinRequest.of(run).roles("beta"));
      } catch (JoinRefusedException e) {
        if (e.reason() != JoinRefusedException.Reason.UNKNOWN_RUN) {
          throw e;
        }
      }
    }
  }

  private static void print(OrchestrationResult result) {
    System.out.println(
        "RESULT "
            + result.status()
            + " "
            + result.solution().map(solution -> solution.text()).orElse("-"));
  }

  private static OrchestratorBuilder node(String redis, RedisCommands<String, String> counts) {
    return Orchestrator.builder()
        .blackboard(redis + "?leaseTtl=" + LEASE.toMillis() + "ms")
        .checkpoints(redis)
        .timeout(Duration.ofMinutes(2))
        .mediation(Set.of())
        .model(
            "counted",
            (request, exchange) -> {
              String asked = request.messages().get(0).text();
              counts.incr("calls");
              if (counts.sismember("kept", asked)) {
                counts.sadd("repeated", asked);
              }
              return ChatReply.of("re: " + asked, Usage.of(1, 1), "counted");
            })
        .team(
            Team.of(
                DecisionRule.collect(),
                Agent.of("alpha", ctx -> work(ctx, "alpha", counts)),
                Agent.of("beta", ctx -> work(ctx, "beta", counts))));
  }

  private static String work(AgentContext ctx, String name, RedisCommands<String, String> counts) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < ROUNDS; i++) {
      String asked = name + " " + i;
      String reply = ctx.model().ask(Prompt.user(asked)).text();
      counts.sadd("kept", asked); // the agent goes on with it, so it was remembered
      all.append(reply).append(';');
      ctx.blackboard().put(name, i);
      boolean unused = ctx.awaitChange(ctx.proposals(), PAUSE);
    }
    return all.toString();
  }
}
