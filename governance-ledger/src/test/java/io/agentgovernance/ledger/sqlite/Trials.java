// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

/** How often something is tried: ten times as often with {@code -Psoak}. */
final class Trials {
  private Trials() {}

  static int of(int times) {
    return isSoak() ? 10 * times : times;
  }

  static boolean isSoak() {
    return Boolean.getBoolean("governance.soak");
  }
}
