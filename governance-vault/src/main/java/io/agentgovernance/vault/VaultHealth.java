// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

/**
 * How a Vault is, by its own account.
 *
 * @param state what it can do
 * @param status the HTTP status it said so with
 */
public record VaultHealth(State state, int status) {
  /** What a Vault can do. */
  public enum State {
    /** It answers requests. */
    ACTIVE,
    /** It forwards requests to the active node. */
    STANDBY,
    /** It replicates another cluster for the case of a disaster, and answers none. */
    RECOVERY_SECONDARY,
    /** It has to be unsealed. */
    SEALED,
    /** It has to be initialised. */
    UNINITIALISED,
    /** It cannot be reached, or something else answers. */
    UNKNOWN
  }

  /** Says whether secrets can be read there. */
  public boolean usable() {
    return state == State.ACTIVE || state == State.STANDBY;
  }

  static VaultHealth of(VaultAnswer answer) {
    State state =
        switch (answer.status()) {
          case 200 -> answer.isTrue("/initialized") ? State.ACTIVE : State.UNKNOWN;
          case 429, 473 -> State.STANDBY;
          case 472 -> State.RECOVERY_SECONDARY;
          case 501 -> State.UNINITIALISED;
          case 503 -> State.SEALED;
          default -> State.UNKNOWN;
        };
    return new VaultHealth(state, answer.status());
  }
}
