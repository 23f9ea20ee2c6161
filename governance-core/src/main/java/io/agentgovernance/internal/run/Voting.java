// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.ProcedureViolation;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.tool.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Proposals, ballots and the solution, as an agent makes them. Confined to its thread. */
final class Voting {

  /** A look at the proposals as it is recorded. */
  record Seen(Payload proposals, int active, int messages) {}

  private final AgentRunner agent;
  private final ActionGate gate;
  private int lastActive = -1;
  private int lastMessages;

  Voting(AgentRunner agent, ActionGate gate) {
    this.agent = agent;
    this.gate = gate;
  }

  Proposal propose(Payload content) {
    return gate.recorded(
        "propose",
        content,
        Recorded::proposal,
        Recorded::proposal,
        () -> {
          String id = agent.nextId();
          ActionGate.Passed passed =
              gate.pass(gate.action(Action.PROPOSAL, id, content, Effect.IDEMPOTENT, TrustTier.T1));
          gate.internal(passed, LedgerTypes.PROPOSAL);
          Applied<Proposal> applied =
              agent.apply(
                  new Command.Propose(agent.id(), agent.fence(), id, passed.action().input()));
          return accepted(applied, "a proposal", "A proposal is accepted already; vote no more.");
        });
  }

  Proposal vote(Proposal proposal, Ballot.Choice choice, String reason) {
    return gate.recorded(
        "vote",
        Payload.of(Map.of("proposal", proposal.id(), "choice", choice.name(), "reason", reason)),
        Recorded::proposal,
        Recorded::proposal,
        () -> {
          ActionGate.Passed passed =
              gate.pass(
                  gate.action(
                      Action.BALLOT,
                      proposal.id(),
                      Payload.of(
                          Map.of(
                              "choice", choice.name(),
                              "digest", proposal.digest().hex(),
                              "reason", reason)),
                      Effect.IDEMPOTENT,
                      TrustTier.T1));
          String ruled = reason(passed, proposal, choice.name());
          gate.internal(passed, LedgerTypes.BALLOT);
          Applied<Proposal> applied =
              agent.apply(
                  new Command.Cast(
                      agent.id(), agent.fence(), proposal.id(), proposal.digest(), choice, ruled));
          if (applied.reason().equals("AUTHOR")) {
            throw agent
                .errors()
                .violated(
                    new RefusedException(
                        "a vote on one's own proposal",
                        "AUTHOR",
                        "Let others decide; this is a violation of the procedure."),
                    "ballot",
                    ProcedureViolation.SELF_VOTE);
          }
          return accepted(
              applied, "a vote on proposal '" + proposal.id() + "'", "Read the proposals again.");
        });
  }

  /** The reason as a policy left it; nothing else of a ballot may be rewritten. */
  private String reason(ActionGate.Passed passed, Proposal proposal, String choice) {
    Payload ruled = passed.action().input();
    boolean same =
        text(ruled, "/choice").equals(choice)
            && text(ruled, "/digest").equals(proposal.digest().hex());
    if (!same) {
      throw gate.deny(
          passed.action(),
          "library",
          "REWRITE_SHAPE",
          "a policy changed more of the ballot than its reason");
    }
    return text(ruled, "/reason");
  }

  private static String text(Payload ruled, String pointer) {
    return ruled.isText() ? "" : ruled.at(pointer).map(Payload::text).orElse("");
  }

  /** The mediator's binding choice. */
  Proposal decide(Proposal proposal) {
    return gate.recorded(
        "decide",
        Payload.text(proposal.id()),
        Recorded::proposal,
        Recorded::proposal,
        () -> {
          ActionGate.Passed passed =
              gate.pass(
                  gate.action(
                      Action.BALLOT,
                      proposal.id(),
                      Payload.of(Map.of("choice", "DECIDE", "digest", proposal.digest().hex())),
                      Effect.IDEMPOTENT,
                      TrustTier.T1));
          String unused = reason(passed, proposal, "DECIDE");
          gate.internal(passed, LedgerTypes.DECISION);
          Applied<Proposal> applied =
              agent.apply(
                  new Command.Decide(agent.id(), agent.fence(), proposal.id(), proposal.digest()));
          return accepted(applied, "the choice of a proposal", "Read the proposals again.");
        });
  }

  Payload solve(Payload solution) {
    return gate.recorded(
        "solve",
        solution,
        written -> written,
        written -> written,
        () -> {
          ActionGate.Passed passed =
              gate.pass(
                  gate.action(Action.WRITE, "solution", solution, Effect.IDEMPOTENT, TrustTier.T1));
          gate.internal(passed, LedgerTypes.WRITE);
          Applied<Payload> applied =
              agent.apply(new Command.Solve(agent.id(), agent.fence(), passed.action().input()));
          return accepted(
              applied,
              "the solution",
              "It is written once, by the team's writer, after a proposal is accepted.");
        });
  }

  List<Proposal> proposals() {
    return gate.recorded(
        "proposals",
        Payload.empty(),
        this::written,
        this::read,
        () -> {
          lastActive = active(); // before the read: what changes after it is seen as a change
          lastMessages = messages();
          return agent.run().store().proposals();
        });
  }

  /** What was read, and what else {@link #awaitChange} compares with. */
  private Payload written(List<Proposal> proposals) {
    return Payload.of(
        new Seen(
            Recorded.<Proposal>listOf(Recorded::proposal).apply(proposals),
            lastActive,
            lastMessages));
  }

  private List<Proposal> read(Payload recorded) {
    Seen seen = recorded.read(Seen.class);
    lastActive = seen.active();
    lastMessages = seen.messages();
    return Recorded.<Proposal>toListOf(Recorded::proposal).apply(seen.proposals());
  }

  Optional<Proposal> accepted() {
    return gate.recorded(
        "accepted",
        Payload.empty(),
        Recorded.<Proposal>optional(Recorded::proposal),
        Recorded.<Proposal>toOptional(Recorded::proposal),
        () -> agent.run().store().accepted());
  }

  Optional<Proposal> awaitAccepted(Duration atMost) {
    return gate.recorded(
        "await accepted",
        Payload.empty(),
        Recorded.<Proposal>optional(Recorded::proposal),
        Recorded.<Proposal>toOptional(Recorded::proposal),
        () -> agent.await(atMost, () -> agent.run().store().accepted()));
  }

  Optional<Payload> solution() {
    return gate.recorded(
        "solution",
        Payload.empty(),
        Recorded.<Payload>optional(p -> p),
        Recorded.<Payload>toOptional(p -> p),
        () -> agent.run().store().solution());
  }

  boolean awaitChange(List<Proposal> seen, Duration atMost) {
    if (lastActive < 0) {
      lastActive = active();
      lastMessages = messages();
    }
    return gate.recorded(
        "change",
        Payload.of(seen.stream().map(p -> p.id() + p.state() + p.ballots().size()).toList()),
        changed -> Payload.of(changed),
        recorded -> recorded.read(Boolean.class),
        () ->
            agent
                .await(
                    atMost,
                    () ->
                        !agent.run().store().proposals().equals(seen)
                                || messages() != lastMessages
                                || active() != lastActive
                            ? Optional.of(true)
                            : Optional.<Boolean>empty())
                .orElse(false));
  }

  private int messages() {
    return agent.run().store().messages(agent.id(), 0, Integer.MAX_VALUE).size();
  }

  private int active() {
    return (int) agent.run().store().agents().stream().filter(Mailbox::active).count();
  }

  private static <T> T accepted(Applied<T> applied, String what, String advice) {
    if (!applied.accepted()) {
      throw new RefusedException(what, applied.reason(), advice);
    }
    return applied.orThrow();
  }
}
