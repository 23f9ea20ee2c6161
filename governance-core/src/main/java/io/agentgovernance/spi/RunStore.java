// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The shared state of one run.
 *
 * <p>Thread safe. {@link #apply} is atomic: of any number of concurrent commands each sees the
 * effect of those before it and none of those after. Reads see at least everything the calling
 * thread has applied. Nothing here calls foreign code while it holds a lock.
 */
public interface RunStore {

  /** What the run was started with. */
  RunTerms terms();

  /** Applies one command, or says why not. */
  <R> Applied<R> apply(Command<R> command);

  /**
   * Takes a lease if it is free, expired, or held by {@code owner}. Every acquisition gets a higher
   * token than all before it.
   */
  Optional<Lease> acquire(String resource, String owner, Duration ttl);

  /** Extends a lease; false if it is no longer held with that token. */
  boolean renew(Lease lease);

  /** Gives a lease back; nothing happens if it is no longer held with that token. */
  void release(Lease lease);

  /** Whether a token is the current one of a resource: what a receiver of a message checks. */
  boolean holds(String resource, long token);

  /**
   * Announces every change applied from now on, in order and without gaps, on whichever thread
   * applies or receives it. The listener must be quick, must not block and must not throw.
   *
   * @return ends the announcements
   */
  AutoCloseable follow(Consumer<Change> listener);

  /** The run's status. */
  PipelineStatus status();

  /** Whether the run was stopped: no agent's command is accepted any more. */
  boolean stopped();

  /** The agents in the order they were added. */
  List<AgentState> agents();

  /** One agent. */
  Optional<AgentState> agent(AgentId id);

  /** One value of the blackboard. */
  Optional<BlackboardEntry> entry(String key);

  /** The blackboard's values whose keys start with {@code prefix}, in the order of their keys. */
  List<BlackboardEntry> entries(String prefix);

  /** Messages for {@code recipient} after a sequence, in order, at most {@code limit}. */
  List<AgentMessage> messages(AgentId recipient, long after, int limit);

  /** The proposals in the order they were posted. */
  List<Proposal> proposals();

  /** The accepted proposal, if there is one. */
  Optional<Proposal> accepted();

  /** The solution written for the accepted proposal, if there is one. */
  Optional<Payload> solution();

  /** The handoffs in the order they were made. */
  List<Handoff> handoffs();

  /** The approvals in the order they were requested. */
  List<ApprovalState> approvals();

  /** What the run spent. */
  Spend spend();
}
