// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;

/** Makes a reply from what was asked. Thread safe: agents ask at the same time. */
@FunctionalInterface
public interface ReplyScript {
  /**
   * Returns the reply.
   *
   * @return a text, a record or whatever else {@link ScriptedReply#of} takes
   * @throws io.agentgovernance.model.ModelException to fail as a model does
   * @throws InterruptedException if it waits and is interrupted
   */
  Object reply(ChatRequest request, Exchange exchange) throws InterruptedException;
}
