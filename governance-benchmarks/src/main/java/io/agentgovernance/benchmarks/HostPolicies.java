// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.core.TrustTier;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.tool.Effect;
import java.util.List;
import java.util.Set;

/** Policies such as a host might have: each looks at the action, none of them denies a stub's. */
final class HostPolicies {

  private static final int MAX_INPUT_BYTES = 32_768;
  private static final Set<String> MODELS = Set.of("stub", "stub:");

  /** Three rules. */
  static final List<Policy> ALL =
      List.of(
          policy("models", HostPolicies::model),
          policy("input-size", HostPolicies::size),
          policy("effects", HostPolicies::effect));

  private HostPolicies() {}

  private static Policy policy(String name, Policy rules) {
    return rules.named(name, "1");
  }

  private static Verdict model(Action action) {
    return !action.kind().equals(Action.MODEL) || MODELS.contains(action.target())
        ? Verdict.allow()
        : Verdict.deny("MODEL", "the model " + action.target() + " is not on the list");
  }

  private static Verdict size(Action action) {
    return action.input().bytes() <= MAX_INPUT_BYTES
        ? Verdict.allow()
        : Verdict.deny("SIZE", "the input has " + action.input().bytes() + " bytes");
  }

  private static Verdict effect(Action action) {
    return action.effect() != Effect.ONCE || action.tier().compareTo(TrustTier.T2) >= 0
        ? Verdict.allow()
        : Verdict.deny("EFFECT", "only T2 and above may do what cannot be repeated");
  }
}
