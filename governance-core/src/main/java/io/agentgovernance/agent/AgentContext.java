// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Blackboard;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

/**
 * Everything an agent can see and do. It never holds a raw model, tool or store.
 *
 * <p>Only the agent's own thread may use it: a call from a thread the body started itself is
 * refused with an {@link IllegalStateException}. Every method that acts or waits throws {@link
 * AgentStoppedException} once the run is stopped, its deadline has passed, or the agent is revoked.
 * Every result is recorded and given again when the body is run again after a suspension or crash.
 */
public interface AgentContext {

  /** The run. */
  RunId run();

  /** This agent. */
  AgentId id();

  /** Its role. */
  AgentRole role();

  /** Its trust tier. */
  TrustTier tier();

  /** The phase it is in. */
  AgentPhase phase();

  /** What the team is to reach. */
  String objective();

  /**
   * A named input of the run.
   *
   * @throws io.agentgovernance.BadInputException if the run was given none of that name
   */
  <T> T input(String name, Class<T> type);

  /** The documents given with the objective. */
  List<Document> documents();

  /** The language model. */
  ModelAccess model();

  /** The tools granted to it. */
  ToolAccess tools();

  /** What the team shares. */
  Blackboard blackboard();

  /** Sends a message to one agent. */
  AgentMessage send(String role, Object content);

  /** Sends a message to every other agent. */
  AgentMessage broadcast(Object content);

  /** Waits for the next message; empty when {@code atMost} has passed or nobody is left to send. */
  Optional<AgentMessage> receive(Duration atMost);

  /** Waits for the next message of one role; messages of others stay unread. */
  Optional<AgentMessage> receiveFrom(String role, Duration atMost);

  /**
   * Waits for the EXECUTE output of another role, or of whoever took its work over.
   *
   * @throws PartnerEndedException if that agent ended without one
   */
  <T> T awaitOutput(String role, Class<T> type);

  /** The roles of the other agents that are active. */
  List<AgentRole> partners();

  /** Posts a proposal. */
  Proposal propose(Object content);

  /**
   * Votes on a proposal.
   *
   * @throws RefusedException if the ballot does not count; its code tells why. Voting on one's own
   *     proposal is a procedure violation, unless nobody else is left
   */
  Proposal vote(Proposal proposal, Ballot.Choice choice, String reason);

  /** The proposals so far. */
  List<Proposal> proposals();

  /** The accepted proposal, if there is one. */
  Optional<Proposal> accepted();

  /** Waits for the accepted proposal, whoever accepts it; empty when {@code atMost} has passed. */
  Optional<Proposal> awaitAccepted(Duration atMost);

  /**
   * Waits until the proposals have changed since {@code seen}, a proposal is accepted, a message
   * arrived, or an agent ended; false when {@code atMost} has passed.
   *
   * <p>Whoever waits for something else to become true reads the proposals first, then looks, and
   * waits with what it read: what happens after the look then wakes it.
   *
   * <pre>{@code
   * List<Proposal> seen = ctx.proposals();
   * while (ctx.solution().isEmpty()) {
   *   ctx.awaitChange(seen, ctx.remaining());
   *   seen = ctx.proposals();
   * }
   * }</pre>
   */
  boolean awaitChange(List<Proposal> seen, Duration atMost);

  /**
   * Writes the solution of the accepted proposal.
   *
   * @throws RefusedException if nothing is accepted, or another agent is to write it
   */
  void solve(Object solution);

  /** The solution, if it is written. */
  Optional<Payload> solution();

  /** What was handed to this agent by agents that failed or were revoked. */
  List<Handoff> handoffs();

  /**
   * What the runtime and the mediator told this agent so far: directives, warnings. A directive is
   * a message too, and is here once that can be received; over a message bus of the host, once it
   * was received or the run has noted it.
   */
  List<String> notices();

  /** The output of an earlier phase of this agent. */
  Optional<Payload> output(AgentPhase phase);

  /**
   * Runs {@code work} once and records its result; a body run again gets the recorded one. If the
   * process dies within it, it is run again.
   *
   * @param work must not use this context: a call within it is refused with an {@link
   *     IllegalStateException}, because the step is recorded as a whole
   */
  <T> T step(String name, Class<T> type, Callable<? extends T> work);

  /**
   * As {@link #step}, and what it gave is on stable storage before this method returns: its result
   * in the checkpoints, an entry STEP with the result's digest in the ledger. For values that the
   * world learns by other ways than a tool, such as an id that a body prints; {@link #step} costs
   * far less.
   *
   * <p>Nothing is written before the work begins, and no policy is asked: what has an effect on the
   * world, or must not happen twice, belongs into a tool. Blocks for the stores.
   *
   * @param work must not use this context, as that of {@link #step}
   */
  <T> T durableStep(String name, Class<T> type, Callable<? extends T> work);

  /** The time, recorded. */
  Instant now();

  /** Randomness from a recorded seed. Not thread safe. */
  RandomGenerator random();

  /** The active time left to the run. */
  Duration remaining();

  /**
   * Says that it is alive. False if it does not count any more as progress, which is after 10
   * without other progress.
   */
  boolean heartbeat();

  /** What a mediator can do; empty for every other agent. */
  Optional<Mediation> mediation();
}
