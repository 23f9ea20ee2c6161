// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Proposal;

/** Casts ballots; one that comes too late is no matter. */
final class Votes {
  private Votes() {}

  static void cast(AgentContext ctx, Proposal proposal, Evaluation evaluation) {
    try {
      ctx.vote(
          proposal,
          evaluation.accepts() ? Ballot.Choice.ACCEPT : Ballot.Choice.REJECT,
          evaluation.reason());
    } catch (RefusedException e) {
      if (!e.code().equals("CLOSED") && !e.code().equals("ALREADY_VOTED")) {
        throw e;
      }
    }
  }
}
