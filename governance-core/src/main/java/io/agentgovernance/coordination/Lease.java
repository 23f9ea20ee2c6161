// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The right to act for one resource of a run, with a fencing token that only ever grows.
 *
 * <p>Every command of the holder carries the token; the store refuses any other.
 *
 * @param resource {@link #COORDINATOR} or an agent id
 * @param owner who holds it, unique for each acquisition
 * @param token the fencing token, at least 1
 * @param ttl how long it lasts without renewal
 */
public record Lease(String resource, String owner, long token, Duration ttl) {

  /** The resource of the run's coordinator: run status, mediation, deadline. */
  public static final String COORDINATOR = "coordinator";

  public Lease {
    requireNonNull(resource, "resource");
    requireNonNull(owner, "owner");
    requireNonNull(ttl, "ttl");
  }
}
