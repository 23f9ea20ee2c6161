// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.health;

/** How a part is doing, from good to bad. */
public enum ComponentState {
  /** Nothing has failed since it last worked. */
  HEALTHY,
  /** Something failed, or it has only begun to work again. It is used as ever. */
  DEGRADED,
  /** It failed several times in a row. */
  UNHEALTHY
}
