// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;

/** The shared state does not allow what the agent asked for. */
public final class RefusedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String code;

  public RefusedException(String what, String code, String advice) {
    super(what + " was refused: " + code + ". " + advice);
    this.code = requireNonNull(code, "code");
  }

  /** An upper-case code, such as {@code CLOSED}, {@code AUTHOR}, {@code WRONG_DIGEST}. */
  public String code() {
    return code;
  }
}
