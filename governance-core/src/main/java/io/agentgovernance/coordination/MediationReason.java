// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

/** Why the mediator GAMMA is spawned; each at most once in a run. */
public enum MediationReason {
  /** No progress for the stuck threshold, 30 s by default. */
  STUCK,
  /** As many unresolved proposals as the conflict threshold, 3 by default. */
  CONFLICT,
  /** A complexity score above the complexity threshold, 0.8 by default. */
  COMPLEXITY
}
