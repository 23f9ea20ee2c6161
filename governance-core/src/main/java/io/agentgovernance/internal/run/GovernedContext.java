// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.Document;
import io.agentgovernance.agent.Mediation;
import io.agentgovernance.agent.ModelAccess;
import io.agentgovernance.agent.ToolAccess;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Blackboard;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.internal.calls.LoopDetector;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a body holds: everything it does goes through here. An instance lives for one attempt of one
 * phase, confined to the agent's thread.
 */
final class GovernedContext implements AgentContext {
  private final AgentRunner agent;
  private final ActionGate gate;
  private final GovernedModel model;
  private final GovernedTools tools;
  private final GovernedBlackboard blackboard;
  private final Partners partners;
  private final Steps steps;
  private final Mailbox mailbox;
  private final Voting voting;
  private final @Nullable GovernedMediation mediation;

  GovernedContext(AgentRunner agent) {
    this.agent = agent;
    this.gate = new ActionGate(agent);
    LoopDetector loops = new LoopDetector();
    this.tools = new GovernedTools(agent, gate, loops);
    this.blackboard = new GovernedBlackboard(agent, gate);
    this.partners = new Partners(agent, gate);
    this.steps = new Steps(agent, gate);
    this.mailbox = new Mailbox(agent, gate);
    this.voting = new Voting(agent, gate);
    MediationReason reason = agent.mediation();
    this.mediation = reason == null ? null : new GovernedMediation(agent, reason, mailbox, voting);
    this.model = new GovernedModel(agent, gate, new ModelCalls(agent, gate, loops), tools);
  }

  /** The body has ended. */
  void close() {
    gate.close();
  }

  @Override
  public RunId run() {
    return agent.run().terms().run();
  }

  @Override
  public AgentId id() {
    return agent.id();
  }

  @Override
  public AgentRole role() {
    return agent.definition().role();
  }

  @Override
  public TrustTier tier() {
    return agent.definition().tier();
  }

  @Override
  public AgentPhase phase() {
    return agent.phase();
  }

  @Override
  public String objective() {
    return agent.run().request().objective();
  }

  @Override
  public <T> T input(String name, Class<T> type) {
    Map<String, Payload> inputs = agent.run().request().inputs();
    Payload input = inputs.get(requireNonNull(name, "name"));
    if (input == null) {
      throw new BadInputException(
          "input '" + name + "' of run '" + run() + "'",
          "none; the run has " + (inputs.isEmpty() ? "no inputs" : inputs.keySet()),
          "an input of that name",
          "Add RunRequest.input(\"" + name + "\", …).");
    }
    return input.read(type);
  }

  @Override
  public List<Document> documents() {
    return agent.run().request().documents();
  }

  @Override
  public ModelAccess model() {
    return model;
  }

  @Override
  public ToolAccess tools() {
    return tools;
  }

  @Override
  public Blackboard blackboard() {
    return blackboard;
  }

  @Override
  public AgentMessage send(String role, Object content) {
    return mailbox.send(new AgentRole(role), payload(content));
  }

  @Override
  public AgentMessage broadcast(Object content) {
    return mailbox.send(null, payload(content));
  }

  private static Payload payload(Object content) {
    return content instanceof Payload given ? given : Payload.of(content);
  }

  @Override
  public Optional<AgentMessage> receive(Duration atMost) {
    return mailbox.receive(null, atMost);
  }

  @Override
  public Optional<AgentMessage> receiveFrom(String role, Duration atMost) {
    return mailbox.receive(new AgentRole(role), atMost);
  }

  @Override
  public <T> T awaitOutput(String role, Class<T> type) {
    return partners.awaitOutput(new AgentRole(role)).read(type);
  }

  @Override
  public List<AgentRole> partners() {
    return partners.active();
  }

  @Override
  public List<Handoff> handoffs() {
    return partners.handoffs();
  }

  @Override
  public Proposal propose(Object content) {
    return voting.propose(payload(content));
  }

  @Override
  public Proposal vote(Proposal proposal, Ballot.Choice choice, String reason) {
    return voting.vote(proposal, choice, reason);
  }

  @Override
  public List<Proposal> proposals() {
    return voting.proposals();
  }

  @Override
  public Optional<Proposal> accepted() {
    return voting.accepted();
  }

  @Override
  public Optional<Proposal> awaitAccepted(Duration atMost) {
    return voting.awaitAccepted(atMost);
  }

  @Override
  public boolean awaitChange(List<Proposal> seen, Duration atMost) {
    return voting.awaitChange(seen, atMost);
  }

  @Override
  public void solve(Object solution) {
    Payload unused = voting.solve(payload(solution));
  }

  @Override
  public Optional<Payload> solution() {
    return voting.solution();
  }

  @Override
  public List<String> notices() {
    return gate.recorded(
        "notices",
        Payload.empty(),
        Recorded.<String>listOf(Payload::text),
        Recorded.<String>toListOf(Payload::text),
        mailbox::notices);
  }

  @Override
  public Optional<Payload> output(AgentPhase phase) {
    gate.onOwnThread();
    return agent.output(phase);
  }

  @Override
  public <T> T step(String name, Class<T> type, Callable<? extends T> work) {
    return steps.step(name, work).read(type);
  }

  @Override
  public <T> T durableStep(String name, Class<T> type, Callable<? extends T> work) {
    return steps.durable(name, work).read(type);
  }

  @Override
  public Instant now() {
    return gate.recorded(
        "now",
        Payload.empty(),
        instant -> Payload.text(instant.toString()),
        recorded -> Instant.parse(recorded.text()),
        () -> agent.run().now());
  }

  @Override
  public RandomGenerator random() {
    long seed =
        gate.recorded(
            "random",
            Payload.empty(),
            value -> Payload.of(value),
            recorded -> recorded.read(Long.class),
            () -> ThreadLocalRandom.current().nextLong());
    return new SplittableRandom(seed);
  }

  @Override
  public Duration remaining() {
    return gate.recorded(
        "remaining",
        Payload.empty(),
        left -> Payload.text(left.toString()),
        recorded -> Duration.parse(recorded.text()),
        () -> agent.run().active().remaining());
  }

  @Override
  public boolean heartbeat() {
    return gate.recorded(
        "heartbeat",
        Payload.empty(),
        counted -> Payload.of(counted),
        recorded -> recorded.read(Boolean.class),
        () -> agent.apply(new Command.Heartbeat(agent.id(), agent.fence())).accepted());
  }

  @Override
  public Optional<Mediation> mediation() {
    return Optional.ofNullable(mediation);
  }
}
