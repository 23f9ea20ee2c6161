// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.AgentStoppedException;
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
  private final ActionGate gate;
  private final MediationReason reason;
  private final Mailbox mailbox;
  private final Voting voting;
  private int actions;

  GovernedMediation(
      AgentRunner agent, ActionGate gate, MediationReason reason, Mailbox mailbox, Voting voting) {
    this.agent = agent;
    this.gate = gate;
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
    act();
    send(new AgentRole(role), directive);
  }

  @Override
  public void directAll(String directive) {
    act();
    send(null, directive);
  }

  private void send(@Nullable AgentRole to, String directive) {
    mailbox.send(to, Payload.of(new Directive(directive, reason)));
  }

  @Override
  public Proposal choose(String proposalId) {
    act();
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
    act();
    Proposal merged =
        voting.propose(content instanceof Payload given ? given : Payload.of(content));
    return voting.decide(merged);
  }

  /** Counts an action; the mediator cannot run away itself. */
  private void act() {
    gate.onOwnThread();
    if (++actions > MAX_ACTIONS) {
      agent.control().cancel(AgentStoppedException.Cause.MEDIATION_LIMIT);
      throw RunContext.stopped(
          agent.id(), agent.control(), AgentStoppedException.Cause.MEDIATION_LIMIT);
    }
  }

  /** A new round begins. */
  void newRound() {
    actions = 0;
  }
}
