// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.payload.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The proposals of one run and the rules of voting. Guarded by the lock of its {@link
 * MemoryRunStore}.
 */
final class ProposalBook {
  static final int MAX_PROPOSALS = 1_000;

  private final Map<String, Entry> proposals = new LinkedHashMap<>(4);
  private @Nullable Entry accepted;

  /** One proposal being voted on. */
  private static final class Entry {
    final Command.Propose command;
    final Digest digest;

    /** Never changed, only replaced: pictures share it. */
    Set<AgentId> electorate;

    final List<Ballot> ballots = new ArrayList<>(4);
    final Instant postedAt;
    Proposal.State state = Proposal.State.OPEN;
    String decidedBy = "";
    @Nullable Instant decidedAt;

    Entry(Command.Propose command, Set<AgentId> electorate, Instant postedAt) {
      this.command = command;
      this.digest = command.content().digest();
      this.electorate = Set.copyOf(electorate);
      this.postedAt = postedAt;
    }

    Entry(Entry origin) {
      this(origin.command, origin.electorate, origin.postedAt);
      ballots.addAll(origin.ballots);
      state = origin.state;
      decidedBy = origin.decidedBy;
      decidedAt = origin.decidedAt;
    }

    int quorum() {
      return electorate.size() / 2 + 1;
    }

    boolean hasVoted(AgentId voter) {
      return ballot(voter) != null;
    }

    @Nullable Ballot ballot(AgentId voter) {
      for (Ballot ballot : ballots) {
        if (ballot.voter().equals(voter)) {
          return ballot;
        }
      }
      return null;
    }

    void admit(AgentId voter) {
      if (!electorate.contains(voter)) {
        Set<AgentId> more = new HashSet<>(electorate);
        more.add(voter);
        electorate = Set.copyOf(more);
      }
    }

    boolean dismiss(AgentId elector) {
      if (!electorate.contains(elector)) {
        return false;
      }
      Set<AgentId> fewer = new HashSet<>(electorate);
      fewer.remove(elector);
      electorate = Set.copyOf(fewer);
      return true;
    }

    Proposal view() {
      return new Proposal(
          command.proposalId(),
          command.agent(),
          command.content(),
          digest,
          electorate,
          quorum(),
          ballots,
          state,
          decidedBy,
          postedAt,
          decidedAt);
    }
  }

  ProposalBook() {}

  ProposalBook(ProposalBook origin) {
    origin.proposals.forEach((id, entry) -> proposals.put(id, new Entry(entry)));
    Entry decided = origin.accepted;
    accepted = decided == null ? null : proposals.get(decided.command.proposalId());
  }

  @Nullable Proposal find(String id) {
    Entry entry = proposals.get(id);
    return entry == null ? null : entry.view();
  }

  boolean full() {
    return proposals.size() >= MAX_PROPOSALS;
  }

  boolean decided() {
    return accepted != null;
  }

  @Nullable Proposal accepted() {
    Entry entry = accepted;
    return entry == null ? null : entry.view();
  }

  List<Proposal> all() {
    return proposals.values().stream().map(Entry::view).toList();
  }

  List<String> openOf(AgentId author) {
    return proposals.values().stream()
        .filter(e -> e.state == Proposal.State.OPEN && e.command.agent().equals(author))
        .map(e -> e.command.proposalId())
        .toList();
  }

  Proposal post(Command.Propose command, Set<AgentId> electorate, Instant now) {
    Entry entry = new Entry(command, electorate, now);
    proposals.put(command.proposalId(), entry);
    return entry.view();
  }

  /** Whether the same ballot was cast before. */
  boolean repeats(Command.Cast cast) {
    Entry entry = proposals.get(cast.proposalId());
    if (entry == null) {
      return false;
    }
    Ballot before = entry.ballot(cast.agent());
    return before != null
        && before.choice() == cast.choice()
        && before.reason().equals(cast.reason())
        && entry.digest.equals(cast.digest());
  }

  /** Why a ballot is refused, or null if it is not. */
  @Nullable String refusal(Command.Cast cast, boolean soleSurvivor) {
    Entry entry = proposals.get(cast.proposalId());
    if (entry == null) {
      return "UNKNOWN_PROPOSAL";
    }
    if (!entry.digest.equals(cast.digest())) {
      return "WRONG_DIGEST";
    }
    boolean author = entry.command.agent().equals(cast.agent());
    if (author && !soleSurvivor) {
      return "AUTHOR";
    }
    if (!author && !entry.electorate.contains(cast.agent()) && !soleSurvivor) {
      return "OUTSIDER";
    }
    if (entry.hasVoted(cast.agent())) {
      return "ALREADY_VOTED";
    }
    return entry.state == Proposal.State.OPEN ? null : "CLOSED";
  }

  Proposal cast(Command.Cast cast, Instant now, List<Effect> effects) {
    Entry entry = known(cast.proposalId());
    boolean author = entry.command.agent().equals(cast.agent());
    entry.ballots.add(new Ballot(cast.agent(), cast.choice(), cast.reason(), now));
    if (author) {
      boolean accepts = cast.choice() == Ballot.Choice.ACCEPT;
      decide(
          entry,
          accepts ? Proposal.State.ACCEPTED : Proposal.State.REJECTED,
          Proposal.BY_AUTHOR,
          now,
          effects);
    } else {
      entry.admit(cast.agent()); // an heir that votes as the only agent left
      tryDecide(entry, now, effects);
    }
    return entry.view();
  }

  /** Why a mediator's decision is refused, or null if it is not. */
  @Nullable String refusal(Command.Decide decide) {
    Entry entry = proposals.get(decide.proposalId());
    if (entry == null) {
      return "UNKNOWN_PROPOSAL";
    }
    if (!entry.digest.equals(decide.digest())) {
      return "WRONG_DIGEST";
    }
    return accepted == null ? null : "CLOSED";
  }

  Proposal decide(Command.Decide command, Instant now, List<Effect> effects) {
    Entry entry = known(command.proposalId());
    decide(entry, Proposal.State.ACCEPTED, Proposal.BY_GAMMA, now, effects);
    return entry.view();
  }

  private Entry known(String id) {
    Entry entry = proposals.get(id);
    if (entry == null) {
      throw new IllegalStateException(
          "proposal '" + id + "' was not checked before it was changed");
    }
    return entry;
  }

  /** Removes an elector that has not voted; cast ballots keep counting. */
  void remove(AgentId elector, Instant now, List<Effect> effects) {
    for (Entry entry : proposals.values()) {
      if (entry.state == Proposal.State.OPEN
          && !entry.hasVoted(elector)
          && entry.dismiss(elector)) {
        tryDecide(entry, now, effects);
      }
    }
  }

  private void tryDecide(Entry entry, Instant now, List<Effect> effects) {
    if (entry.electorate.isEmpty() || entry.state != Proposal.State.OPEN) {
      return;
    }
    int accepts = 0;
    for (Ballot ballot : entry.ballots) {
      accepts += ballot.choice() == Ballot.Choice.ACCEPT ? 1 : 0;
    }
    int rejects = entry.ballots.size() - accepts;
    if (accepts >= entry.quorum()) {
      decide(entry, Proposal.State.ACCEPTED, Proposal.BY_QUORUM, now, effects);
    } else if (rejects > entry.electorate.size() - entry.quorum()) {
      decide(entry, Proposal.State.REJECTED, Proposal.BY_QUORUM, now, effects);
    }
  }

  private void decide(
      Entry entry, Proposal.State state, String by, Instant now, List<Effect> effects) {
    entry.state = state;
    entry.decidedBy = by;
    entry.decidedAt = now;
    effects.add(new Effect.ProposalDecided(entry.view()));
    if (state == Proposal.State.ACCEPTED) {
      accepted = entry;
      for (Entry other : proposals.values()) {
        if (other != entry && other.state == Proposal.State.OPEN) {
          other.state = Proposal.State.SUPERSEDED;
          other.decidedBy = by;
          other.decidedAt = now;
          effects.add(new Effect.ProposalDecided(other.view()));
        }
      }
    }
  }
}
