// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

/**
 * The model behind every contender, so that all of them make the same calls. Implementations are
 * thread safe: the two agents call at once.
 */
@FunctionalInterface
public interface StubModel {

  /** The prompt tokens that each call reports as used. */
  int PROMPT_TOKENS = 10;

  /** The completion tokens that each call reports as used. */
  int COMPLETION_TOKENS = 5;

  /**
   * Answers one call, on the thread of the agent that makes it.
   *
   * @throws InterruptedException if the agent was interrupted while the model was thinking
   * @throws ModelFailure if this call is one that fails
   */
  String reply(Role role, String prompt) throws InterruptedException;

  /** A model that answers at once with the name of the agent. */
  static StubModel immediate() {
    return (role, prompt) -> role.name();
  }

  /** Thrown by a model whose call fails. */
  final class ModelFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates a failure of the given agent's call. */
    public ModelFailure(Role role) {
      super("the model failed, as it was told to, in the call of " + role);
    }
  }
}
