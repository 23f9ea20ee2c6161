// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.payload.Schema;
import org.jspecify.annotations.Nullable;

/** A vote on a proposal. */
public record Evaluation(
    @Schema.Doc("accept or reject") String verdict,
    @Schema.Doc("Which criteria are met or missed, and which quotations are not in the sources")
        String reason,
    @Schema.Doc("When rejecting: what to do instead") @Nullable ProposalDraft counterProposal) {
  /** {@link #verdict()} of a vote for the proposal. */
  public static final String ACCEPT = "accept";

  /** {@link #verdict()} of a vote against the proposal. */
  public static final String REJECT = "reject";

  /** Says whether the verdict is, apart from case and surrounding space, {@link #ACCEPT}. */
  public boolean accepts() {
    return verdict.strip().equalsIgnoreCase(ACCEPT);
  }
}
