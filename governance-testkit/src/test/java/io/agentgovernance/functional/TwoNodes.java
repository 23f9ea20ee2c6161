// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.Orchestration;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Two processes that may be at one run, with a store that both see and a ledger each. */
abstract class TwoNodes {
  static final Duration SECOND = Duration.ofSeconds(1);
  static final Duration LONG = Duration.ofMinutes(3);

  final ManualTime time = Scenes.time();
  final RecordedCheckpoints checkpoints = new RecordedCheckpoints(Durability.DURABLE);
  final SharedCoordination one = new SharedCoordination(Backends.coordination(time), time);
  final SharedCoordination two = one.another();
  final World here = new World();
  final World there = new World();
  final KeptLedger ledgerHere = new KeptLedger();
  final KeptLedger ledgerThere = new KeptLedger();

  static String fail(AgentContext ctx) {
    throw Scenes.Mishap.retryable("it fails");
  }

  static JoinEnd end(Joined joined) {
    return joined.completion().orTimeout(20, TimeUnit.SECONDS).join();
  }

  final OrchestratorBuilder node(
      SharedCoordination store, World world, KeptLedger ledger, Team team) {
    return Orchestrator.builder()
        .time(time)
        .blackboard(store)
        .checkpoints(checkpoints)
        .ledger(ledger)
        .timeout(LONG)
        .mediation(Set.of())
        .model("m", world.model())
        .team(team);
  }

  /** The process that starts runs. */
  final Orchestrator first(Team team) {
    return node(one, here, ledgerHere, team).build();
  }

  /** The process that joins them. */
  final Orchestrator second(Team team) {
    return node(two, there, ledgerThere, team).build();
  }

  /** A run of which another process is to run BETA. */
  final Orchestration withoutBeta(Orchestrator first) {
    Orchestration run = first.start(RunRequest.of("Reach something").elsewhere("beta"));
    time.awaitIdle();
    return run;
  }

  static Joined joinAsBeta(Orchestrator second, Orchestration run) {
    return second.join(JoinRequest.of(run.id()).roles("beta"));
  }

  /** Two agents that ask twice each; the second one needs what the first one wrote. */
  static Team pair() {
    return Team.of(
        DecisionRule.by("beta"),
        Agent.of(
            "alpha",
            ctx -> {
              String reply = ctx.model().ask(Prompt.user("alpha 1")).text();
              ctx.blackboard().put("found", reply);
              ctx.broadcast("look at the blackboard");
              return ctx.model().ask(Prompt.user("alpha 2")).text();
            }),
        Agent.of(
            "beta",
            ctx -> {
              String first = ctx.model().ask(Prompt.user("beta 1")).text();
              assertThat(ctx.receive(LONG)).isPresent();
              String found = ctx.blackboard().get("found").orElseThrow().value().text();
              String second = ctx.model().ask(Prompt.user("beta 2")).text();
              return "beta of " + found + ", " + second + first.substring(first.length());
            }));
  }

  /** Two agents that ask five times each, once a second. */
  static Team slow() {
    return Team.of(
        DecisionRule.collect(),
        Agent.of("alpha", ctx -> fiveCalls(ctx, "alpha")),
        Agent.of("beta", ctx -> fiveCalls(ctx, "beta")));
  }

  static String fiveCalls(AgentContext ctx, String name) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      all.append(ctx.model().ask(Prompt.user(name + " " + i)).text()).append(';');
      boolean unused = ctx.awaitChange(ctx.proposals(), SECOND);
    }
    return all.toString();
  }
}
