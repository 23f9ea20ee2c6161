// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.payload.Schema;
import java.util.List;

/** The team's answer to the objective. */
public record Solution(
    String title,
    @Schema.Doc("The whole answer as Markdown") String body,
    @Schema.Doc("The passages the answer rests on") List<Citation> citations) {
  public Solution {
    citations = List.copyOf(citations);
  }
}
