// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.Directive;
import io.agentgovernance.agent.Mediation;
import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.payload.Payload;
import org.jspecify.annotations.Nullable;

/** What a mediator does. Confined to its thread. */
final class GovernedMediation implements Mediation {
  /** The field of a directive's message that holds its text. */
  static final String DIRECTIVE = "directive";

  private final AgentRunner agent;
  private final MediationReason reason;
  private final Mailbox mailbox;
  private final Voting voting;

  GovernedMediation(AgentRunner agent, MediationReason reason, Mailbox mailbox, Voting voting) {
    this.agent = agent;
    this.reason = reason;
    this.mailbox = mailbox;
    this.voting = voting;
  }

  @Override
  public MediationReason reason() {
    return reason;
  }

  @Override
  public void direct(String role, String directive) {
    agent.onOwnThread();
    send(new AgentRole(role), directive);
  }

  @Override
  public void directAll(String directive) {
    agent.onOwnThread();
    send(null, directive);
  }

  private void send(@Nullable AgentRole to, String directive) {
    mailbox.send(to, Payload.of(new Directive(directive, reason)));
  }

  @Override
  public Proposal choose(String proposalId) {
    agent.onOwnThread();
    Proposal proposal =
        voting.proposals().stream()
            .filter(known -> known.id().equals(proposalId))
            .findFirst()
            .orElseThrow(
                () ->
                    new RefusedException(
                        "the choice of proposal '" + proposalId + "'",
                        "UNKNOWN_PROPOSAL",
                        "Choose one that was posted."));
    return voting.decide(proposal);
  }

  @Override
  public Proposal merge(Object content) {
    agent.onOwnThread();
    Proposal merged =
        voting.propose(content instanceof Payload given ? given : Payload.of(content));
    return voting.decide(merged);
  }
}
