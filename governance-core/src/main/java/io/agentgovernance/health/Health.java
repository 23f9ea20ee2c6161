// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.health;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * How all parts are doing at one moment. Immutable.
 *
 * @param at the moment
 * @param components each part, in the order of {@link Component}
 */
public record Health(Instant at, List<ComponentHealth> components) {
  public Health {
    requireNonNull(at, "at");
    components = List.copyOf(components);
  }

  /** The worst state of any part. */
  public ComponentState state() {
    return components.stream()
        .map(ComponentHealth::state)
        .max(Comparator.naturalOrder())
        .orElse(ComponentState.HEALTHY);
  }

  /** One part. */
  public ComponentHealth of(Component component) {
    return components.stream()
        .filter(each -> each.component() == component)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("nothing is known of " + component));
  }
}
