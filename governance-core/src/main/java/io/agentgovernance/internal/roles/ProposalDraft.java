// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.payload.Schema;
import java.util.List;

/** A way to reach the objective, put to the vote of the team. */
public record ProposalDraft(
    @Schema.Doc("At most ten words") String title,
    @Schema.Doc("Two to five sentences") String summary,
    @Schema.Doc("What to do, in order, one action each") List<String> steps,
    @Schema.Doc("At least two passages the proposal rests on") List<Citation> citations) {
  public ProposalDraft {
    steps = List.copyOf(steps);
    citations = List.copyOf(citations);
  }
}
