// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRefusedException;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.redis.RedisCheckpointStore;
import io.agentgovernance.redis.RedisCoordination;
import io.agentgovernance.redis.RedisOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * One process at a run of two agents, to be killed or paused: {@code NodeMain start|join <redis>
 * <run> <timeout> <option>…}. Who called a model, and which answers the agents went on with, is
 * counted in the Redis.
 */
final class NodeMain {
  /** The lease of these processes. */
  static final Duration LEASE = Duration.ofSeconds(2);

  /** An option: what the journal says is not read. */
  static final String FORGETFUL = "forgetful";

  /** An option, with the name of an agent behind it: one write of it is late. */
  static final String LATE = "late-";

  /** An option: the agents stay at what they do after {@link #FEW} rounds. */
  static final String STAYING = "staying";

  static final int ROUNDS = 12;
  static final int FEW = 6;
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration LONGER_THAN_ANY_RUN = Duration.ofHours(1);

  private NodeMain() {}

  public static void main(String[] args) throws Exception {
    String redis = args[1];
    RunId run = RunId.of(args[2]);
    Duration timeout = Duration.parse(args[3]);
    List<String> options = List.of(args).subList(4, args.length);
    RedisClient client = RedisClient.create(redis);
    RedisCommands<String, String> counts = client.connect().sync();
    RedisCommands<String, String> gate = client.connect().sync();
    try (RedisCoordination coordination =
            RedisCoordination.open(redis, RedisOptions.DEFAULT.withLeaseTtl(LEASE));
        RedisCheckpointStore checkpoints = RedisCheckpointStore.builder(redis).open()) {
      OrchestratorBuilder node =
          node(counts, options.contains(STAYING))
              .timeout(timeout)
              .blackboard(coordination)
              .checkpoints(options.contains(FORGETFUL) ? new Forgetful(checkpoints) : checkpoints);
      for (String option : options) {
        if (option.startsWith(LATE)) {
          String agent = option.substring(LATE.length());
          node.blackboard(new LateWrite(coordination, run + "-" + agent, counts, gate));
        }
      }
      try (Orchestrator orchestrator = node.build()) {
        if (args[0].equals("start")) {
          start(orchestrator, run);
        } else {
          join(orchestrator, run);
        }
      }
    }
    client.shutdown();
  }

  private static void start(Orchestrator orchestrator, RunId run) throws InterruptedException {
    RunRequest request = RunRequest.of("Count to twelve").id(run).elsewhere("beta");
    var started = orchestrator.start(request);
    System.out.println("STARTED");
    print(started.await());
  }

  private static void join(Orchestrator orchestrator, RunId run) throws InterruptedException {
    Joined joined = joined(orchestrator, run);
    System.out.println("JOINED");
    JoinEnd end = joined.await();
    if (end instanceof JoinEnd.TakenOver taken) {
      System.out.println("TAKEN OVER");
      print(taken.run().await());
    } else {
      System.out.println("ENDED " + end);
    }
  }

  private static Joined joined(Orchestrator orchestrator, RunId run) {
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

  /** One line that says what came out; of a run that did not complete also how it ended. */
  private static void print(OrchestrationResult result) {
    String solution = result.solution().map(text -> text.text()).orElse("-");
    String code = result.outcome() instanceof Outcome.Failed failed ? " " + failed.code() : "";
    System.out.println("RESULT " + result.status() + code + " " + solution);
    System.out.println("USAGE " + result.usage().calls() + " OF " + result.agents().size());
  }

  private static OrchestratorBuilder node(RedisCommands<String, String> counts, boolean staying) {
    return Orchestrator.builder()
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
                Agent.of("alpha", ctx -> work(ctx, "alpha", counts, staying)),
                Agent.of("beta", ctx -> work(ctx, "beta", counts, staying))));
  }

  private static String work(
      AgentContext ctx, String name, RedisCommands<String, String> counts, boolean staying) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < ROUNDS; i++) {
      String asked = name + " " + i;
      String reply = ctx.model().ask(Prompt.user(asked)).text();
      counts.sadd("kept", asked); // the agent goes on with it, so it was remembered
      all.append(reply).append(';');
      ctx.blackboard().put(name, i);
      boolean stays = staying && i + 1 == FEW;
      boolean unused = ctx.awaitChange(ctx.proposals(), stays ? LONGER_THAN_ANY_RUN : PAUSE);
    }
    return all.toString();
  }
}
