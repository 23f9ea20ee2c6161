// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import java.time.Duration;
import java.util.List;

/** Every model route is open: no model was called. Retryable, after {@link #untilProbe()}. */
public final class RoutesOpenException extends GovernanceException implements Uncounted {
  private static final long serialVersionUID = 1L;

  private final Duration untilProbe;

  /**
   * Makes the exception.
   *
   * @param routes the URIs of all routes
   * @param untilProbe the time until one of them may be tried again
   */
  public RoutesOpenException(List<String> routes, Duration untilProbe) {
    this(routes, untilProbe, "");
  }

  /**
   * Makes the exception.
   *
   * @param routes the URIs of all routes
   * @param untilProbe the time until one of them may be tried again
   * @param lastFailure the message of the last failure of one of them; empty if unknown
   */
  public RoutesOpenException(List<String> routes, Duration untilProbe, String lastFailure) {
    super(
        "all model routes are open after repeated failures: "
            + String.join(", ", routes)
            + "; the next may be tried in "
            + requireNonNull(untilProbe, "untilProbe")
            + ". Wait, or add a fallback model."
            + (lastFailure.isEmpty() ? "" : " The last failure: " + lastFailure));
    this.untilProbe = untilProbe;
  }

  /** Returns the time until one of the routes may be tried again. */
  public Duration untilProbe() {
    return untilProbe;
  }

  @Override
  public boolean retryable() {
    return true;
  }
}
