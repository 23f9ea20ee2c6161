// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.tool.Effect;

/** Actions to decide about. */
final class Actions {
  private Actions() {}

  static Action tool(String name) {
    return action(Action.TOOL, name, TrustTier.T1, TrustTier.T2);
  }

  static Action action(String kind, String target, TrustTier required, TrustTier tier) {
    return new Action(
        kind,
        target,
        Payload.text("secret prompt"),
        Effect.READ,
        required,
        tier,
        TenantId.of("acme"),
        RunId.of("run1"),
        AgentId.of("run1-alpha"),
        AgentRole.ALPHA,
        AgentPhase.EXECUTE);
  }
}
