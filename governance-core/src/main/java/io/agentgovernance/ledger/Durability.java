// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.util.Objects.requireNonNull;

/** What an acknowledged write survives, from weakest to strongest. Immutable. */
public enum Durability {
  /** Lost when the process ends. */
  MEMORY,

  /**
   * Survives the death of the process ({@code kill -9}), not a power loss or a crash of the
   * operating system.
   */
  PROCESS_CRASH,

  /**
   * On stable storage before it is acknowledged: survives a power loss as far as the disk keeps its
   * word.
   */
  DURABLE;

  /** Returns whether this promises at least as much as {@code required}. */
  public boolean atLeast(Durability required) {
    return compareTo(requireNonNull(required, "required")) >= 0;
  }
}
