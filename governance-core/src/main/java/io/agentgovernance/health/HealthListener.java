// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.health;

/** Is told when a part changes its state. Called by threads of the library, one at a time. */
@FunctionalInterface
public interface HealthListener {

  /**
   * A part has changed its state.
   *
   * @param before how it was doing
   * @param after how it is doing
   */
  void changed(ComponentHealth before, ComponentHealth after);
}
