// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;

/**
 * What a mediator can do beyond other agents. At most {@value #MAX_ROUNDS} model calls, {@value
 * #MAX_ACTIONS} other actions between two of them (a merge is two, a proposal and a decision), and
 * 40 % of the time the run had left when it was spawned; beyond that it is stopped. Phases that are
 * tried again do not renew the limits.
 */
public interface Mediation {
  /** The most model calls of a mediator. */
  int MAX_ROUNDS = 5;

  /** The most actions of a mediator between two model calls. */
  int MAX_ACTIONS = 10;

  /** Why it was spawned. */
  MediationReason reason();

  /** Sends a {@link Directive} to one agent: a message from GAMMA, and a notice. */
  void direct(String role, String directive);

  /** Sends a {@link Directive} to every active agent. */
  void directAll(String directive);

  /** Chooses a proposal; binding, and no vote. */
  Proposal choose(String proposalId);

  /** Posts a merged proposal and chooses it. */
  Proposal merge(Object content);
}
