// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.payload.Schema;
import java.util.List;

/** What a proposal must meet, fixed before one is seen. */
public record Criteria(
    @Schema.Doc("Three to seven criteria, each a short testable phrase") List<String> criteria) {
  public Criteria {
    criteria = List.copyOf(criteria);
  }
}
