// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.health;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How one part is doing. Immutable.
 *
 * @param component the part
 * @param state how it is doing
 * @param since when it came to that
 * @param failures how often it has failed in all
 * @param lastFailure the kind of the last failure, empty if there was none; never a message, which
 *     could hold more than an operator should see
 */
public record ComponentHealth(
    Component component, ComponentState state, Instant since, long failures, String lastFailure) {
  public ComponentHealth {
    requireNonNull(component, "component");
    requireNonNull(state, "state");
    requireNonNull(since, "since");
    requireNonNull(lastFailure, "lastFailure");
  }
}
