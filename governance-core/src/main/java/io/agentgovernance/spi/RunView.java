// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import java.util.List;
import java.util.Optional;

/** What can be read of a run's state. Everything that is returned is an immutable picture. */
public interface RunView {

  /** What the run was started with. */
  RunTerms terms();

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
