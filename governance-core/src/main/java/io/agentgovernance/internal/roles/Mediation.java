// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.payload.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the mediator gets the team moving again. */
public record Mediation(
    @Schema.Doc("What each agent is to do next, in one to three sentences") String directive,
    @Schema.Doc("The id of the proposal that is to stand, if one is")
        @Nullable String chosenProposalId,
    @Schema.Doc("A proposal made of several, if none is to stand as it is")
        @Nullable ProposalDraft merged,
    @Schema.Doc("Smaller objectives, if the objective is to be divided; else empty")
        List<String> subObjectives) {
  public Mediation {
    subObjectives = List.copyOf(subObjectives);
  }
}
