// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import io.agentgovernance.GovernanceException;
import java.util.List;

/** A model's reply that stayed unusable after one repair. */
public final class UnusableReplyException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  public UnusableReplyException(String model, List<String> problems) {
    super(
        "model '"
            + model
            + "': reply unusable after one repair: "
            + String.join("; ", problems)
            + ". Simplify the wanted shape or use a model with structured output.");
    this.problems = List.copyOf(problems);
  }

  @Override
  public boolean retryable() {
    return true;
  }

  /** What is wrong with the reply. */
  public List<String> problems() {
    return problems;
  }
}
