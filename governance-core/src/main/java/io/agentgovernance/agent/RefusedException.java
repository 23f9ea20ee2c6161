// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;

/** The shared state does not allow what the agent asked for. */
public final class RefusedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String code;
  private final String advice;

  public RefusedException(String what, String code, String advice) {
    super(what + " was refused: " + code + ". " + advice);
    this.what = requireNonNull(what, "what");
    this.code = requireNonNull(code, "code");
    this.advice = requireNonNull(advice, "advice");
  }

  /** What was asked for. */
  public String what() {
    return what;
  }

  /** What to do. */
  public String advice() {
    return advice;
  }

  /** An upper-case code, such as {@code CLOSED}, {@code AUTHOR}, {@code WRONG_DIGEST}. */
  public String code() {
    return code;
  }
}
