// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import io.agentgovernance.model.Prompt;

/** An agent's way to the language model: every call is checked, reserved, recorded and bounded. */
public interface ModelAccess {

  /**
   * Asks the model and blocks until its reply is complete and usable.
   *
   * <p>Unless the prompt names a shape with {@link Prompt#reply}, the reply must have the shape of
   * the agent's output type; an agent whose output is text asks for text. Runs the tools the model
   * asks for, at most {@value #MAX_ROUNDS} rounds. An unusable reply is sent back once for repair.
   *
   * @throws DeniedException if a policy, the budget or the ledger refuses
   * @throws io.agentgovernance.model.ModelException if no model answered
   * @throws UnusableReplyException if the reply stayed unusable after one repair
   * @throws AgentStoppedException if the agent may not act any more
   */
  Reply ask(Prompt prompt);

  /** The most rounds of tool calls in one {@link #ask}. */
  int MAX_ROUNDS = 10;
}
