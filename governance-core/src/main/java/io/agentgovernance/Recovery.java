// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.core.RunId;
import java.util.List;
import java.util.Map;

/**
 * What came of taking up the runs that other processes left. Immutable.
 *
 * @param resumed the runs that go on here
 * @param refused the runs that do not, each with the reason; those somebody else was faster with
 *     are not among them
 */
public record Recovery(List<Orchestration> resumed, Map<RunId, GovernanceException> refused) {
  public Recovery {
    resumed = List.copyOf(resumed);
    refused = Map.copyOf(refused);
  }
}
