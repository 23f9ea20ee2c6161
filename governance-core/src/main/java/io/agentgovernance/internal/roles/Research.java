// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import java.util.List;

/** What the research role found, and what it proposes on that ground. */
public record Research(List<Finding> findings, ProposalDraft proposal) {
  public Research {
    findings = List.copyOf(findings);
  }
}
