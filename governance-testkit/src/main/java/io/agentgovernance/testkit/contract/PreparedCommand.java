// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A command that its run is ready to accept.
 *
 * @param name the command's simple name
 * @param actor who gives it
 * @param command the command
 */
record PreparedCommand(String name, Actor actor, Command<?> command) {

  private record Given(Actor actor, Command.OfAgent<?> command) {}

  private static final Map<String, Function<LiveRun, Given>> COMMANDS = commands();

  static List<String> names() {
    return List.copyOf(COMMANDS.keySet());
  }

  static PreparedCommand of(String name, LiveRun run) {
    Given given = requireNonNull(COMMANDS.get(name), name).apply(run);
    return new PreparedCommand(name, given.actor(), given.command());
  }

  LiveRun run() {
    return actor.run;
  }

  Applied<?> apply() {
    return actor.does(command);
  }

  private static Map<String, Function<LiveRun, Given>> commands() {
    Map<String, Function<LiveRun, Given>> all = new LinkedHashMap<>();
    all.put("EnterPhase", run -> alone(run, a -> a.enter(AgentPhase.BOOTSTRAP)));
    all.put(
        "FinishPhase",
        run ->
            alone(
                run,
                a -> {
                  a.ok(a.enter(AgentPhase.BOOTSTRAP));
                  return a.finish(AgentPhase.BOOTSTRAP);
                }));
    all.put("SetAgentStatus", run -> alone(run, a -> a.status(AgentStatus.WAITING)));
    all.put("RecordError", run -> alone(run, a -> a.error("e1", "timeout")));
    all.put("Clarify", run -> alone(run, Actor::clarify));
    all.put("Heartbeat", run -> alone(run, Actor::heartbeat));
    all.put("Progress", run -> alone(run, Actor::progress));
    all.put("Write", run -> alone(run, a -> a.write("w1", "key")));
    all.put("Send", run -> alone(run, a -> a.send("m1", null)));
    all.put("Acknowledge", run -> alone(run, a -> a.acknowledge(1)));
    all.put("Propose", run -> alone(run, a -> a.propose("p1")));
    all.put("Cast", PreparedCommand::cast);
    all.put("Decide", PreparedCommand::decide);
    all.put("Solve", run -> withActor(run.agreeing(), a -> a.solve("done")));
    all.put("ClaimHandoff", PreparedCommand::claim);
    all.put("Reserve", run -> alone(run, a -> a.reserve("r1", 10, "0.5")));
    all.put("Settle", run -> reserved(run, a -> a.settle("r1", 4, 5, "0.3")));
    all.put("Estimate", run -> reserved(run, a -> a.estimate("r1")));
    all.put("Release", run -> reserved(run, a -> a.release("r1")));
    all.put("Admit", run -> alone(run, Actor::admit));
    all.put("RequestApproval", run -> alone(run, a -> a.request("q1", Duration.ofHours(1))));
    all.put("UseApproval", PreparedCommand::use);
    return all;
  }

  private static Given alone(LiveRun run, Function<Actor, Command.OfAgent<?>> command) {
    return withActor(run.agent("alpha"), command);
  }

  private static Given withActor(Actor actor, Function<Actor, Command.OfAgent<?>> command) {
    return new Given(actor, command.apply(actor));
  }

  private static Given reserved(LiveRun run, Function<Actor, Command.OfAgent<?>> command) {
    Actor actor = run.agent("alpha");
    actor.ok(actor.reserve("r1", 10, "0.5"));
    return withActor(actor, command);
  }

  private static Given cast(LiveRun run) {
    Actor author = run.agent("author");
    Actor voter = run.agent("voter");
    run.agent("another");
    author.ok(author.propose("p1"));
    return withActor(voter, a -> a.accept("p1"));
  }

  private static Given decide(LiveRun run) {
    Actor author = run.agent("author");
    run.agent("voter");
    Actor mediator = run.mediator("gamma", MediationReason.CONFLICT);
    author.ok(author.propose("p1"));
    return withActor(mediator, a -> a.decide("p1"));
  }

  private static Given claim(LiveRun run) {
    Actor leaving = run.agent("leaving");
    Actor heir = run.agent("heir");
    leaving.ok(leaving.status(AgentStatus.FAILED));
    return withActor(heir, a -> a.claim(leaving));
  }

  private static Given use(LiveRun run) {
    Actor actor = run.agent("alpha");
    actor.ok(actor.request("q1", Duration.ofHours(1)));
    actor.ok(Actor.approve("q1", "Kim"));
    return withActor(actor, a -> a.use("q1"));
  }
}
