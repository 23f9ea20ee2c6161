// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;

/** What a command changed beyond its own result. */
public sealed interface Effect {

  /** The run's status changed. */
  record StatusChanged(PipelineStatus from, PipelineStatus to) implements Effect {
    public StatusChanged {
      requireNonNull(from, "from");
      requireNonNull(to, "to");
    }
  }

  /** An agent's status changed. */
  record AgentChanged(AgentId agent, AgentStatus from, AgentStatus to, String failure)
      implements Effect {
    public AgentChanged {
      requireNonNull(agent, "agent");
      requireNonNull(from, "from");
      requireNonNull(to, "to");
      requireNonNull(failure, "failure");
    }
  }

  /** A proposal was accepted, rejected or superseded. */
  record ProposalDecided(Proposal proposal) implements Effect {
    public ProposalDecided {
      requireNonNull(proposal, "proposal");
    }
  }

  /** An agent left its work to others. */
  record HandedOff(Handoff handoff) implements Effect {
    public HandedOff {
      requireNonNull(handoff, "handoff");
    }
  }

  /** A blackboard write repeated the value that was there; it is no progress. */
  record SameValue(String key) implements Effect {
    public SameValue {
      requireNonNull(key, "key");
    }
  }
}
