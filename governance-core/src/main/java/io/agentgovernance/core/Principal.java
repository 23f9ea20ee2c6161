// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * Who acts. Immutable and thread safe.
 *
 * @param kind {@link #AGENT}, {@link #HUMAN} or {@link #SYSTEM}
 * @param id who it is among its kind; not blank
 * @param tier how far it is trusted
 */
public record Principal(String kind, String id, TrustTier tier) {
  /** An agent of a run. */
  public static final String AGENT = "agent";

  /** A person. */
  public static final String HUMAN = "human";

  /** The library itself or the host application. */
  public static final String SYSTEM = "system";

  private static final Set<String> KINDS = Set.of(AGENT, HUMAN, SYSTEM);

  public Principal {
    requireNonNull(kind, "kind");
    requireNonNull(id, "id");
    requireNonNull(tier, "tier");
    if (!KINDS.contains(kind)) {
      throw new IllegalArgumentException(
          "principal kind '" + kind + "': expected agent, human or system");
    }
    if (id.isBlank()) {
      throw new IllegalArgumentException("principal id: expected a name but found a blank one");
    }
  }

  /** Returns an agent. */
  public static Principal agent(String id, TrustTier tier) {
    return new Principal(AGENT, id, tier);
  }

  /** Returns a person. */
  public static Principal human(String id, TrustTier tier) {
    return new Principal(HUMAN, id, tier);
  }

  /** Returns the library or the host application, at the highest tier. */
  public static Principal system(String id) {
    return new Principal(SYSTEM, id, TrustTier.T4);
  }
}
