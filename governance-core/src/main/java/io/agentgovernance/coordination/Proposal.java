// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A proposal as it stands: what was proposed, who may vote, who did, and how it was decided.
 *
 * <p>An immutable picture; the store holds the truth.
 *
 * @param id unique within the run
 * @param author who posted it; never votes on it unless it is the only agent left
 * @param content what is proposed
 * @param digest the digest of the content: a ballot names it, so nobody votes on something else
 * @param electorate the agents that may still vote or have voted
 * @param quorum how many must accept: ⌊n/2⌋ + 1 of the electorate
 * @param ballots the votes cast, in order
 * @param state open or decided
 * @param decidedBy {@code QUORUM}, {@code GAMMA} or {@code AUTHOR} (uncontested); empty while open
 * @param postedAt when it was posted
 * @param decidedAt when it was decided, if it was
 */
public record Proposal(
    String id,
    AgentId author,
    Payload content,
    Digest digest,
    Set<AgentId> electorate,
    int quorum,
    List<Ballot> ballots,
    State state,
    String decidedBy,
    Instant postedAt,
    @Nullable Instant decidedAt) {

  /** {@link #decidedBy()} of a proposal that the electorate decided. */
  public static final String BY_QUORUM = "QUORUM";

  /** {@link #decidedBy()} of a proposal that the mediator decided; never stands for a human. */
  public static final String BY_GAMMA = "GAMMA";

  /** {@link #decidedBy()} of a proposal that its author accepted as the only agent left. */
  public static final String BY_AUTHOR = "AUTHOR";

  /** Where a proposal stands. */
  public enum State {
    OPEN,
    ACCEPTED,
    REJECTED,
    /** Another proposal of the run was accepted first. */
    SUPERSEDED
  }

  public Proposal {
    requireNonNull(id, "id");
    requireNonNull(author, "author");
    requireNonNull(content, "content");
    requireNonNull(digest, "digest");
    electorate = Set.copyOf(electorate);
    ballots = List.copyOf(ballots);
    requireNonNull(state, "state");
    requireNonNull(decidedBy, "decidedBy");
    requireNonNull(postedAt, "postedAt");
  }

  /** How many accept it. */
  public int accepts() {
    return (int) ballots.stream().filter(b -> b.choice() == Ballot.Choice.ACCEPT).count();
  }

  /** How many reject it. */
  public int rejects() {
    return ballots.size() - accepts();
  }

  /** Whether its author, the only agent left, accepted it without anybody to object. */
  public boolean uncontested() {
    return decidedBy.equals(BY_AUTHOR);
  }
}
