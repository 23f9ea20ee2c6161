// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.tool;

/** What calling a tool does to the world; decides whether an unknown outcome may be repeated. */
public enum Effect {
  /** Changes nothing. */
  READ,
  /** Changes something, but twice with one idempotency key is the same as once. */
  IDEMPOTENT,
  /** Must not happen twice; an unknown outcome needs a person's decision. */
  ONCE;

  /** Says whether a call of unknown outcome may simply be made again. */
  public boolean repeatable() {
    return this != ONCE;
  }
}
