// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.core.AgentRole;

/** Hears of the text of replies as it comes, such as to show it. */
@FunctionalInterface
public interface DeltaListener {
  /**
   * A piece of text has come. Called on the client's threads, for one call in order; replies of
   * other agents may come at the same time. It should not block: the call waits for it, and what it
   * throws ends the call.
   *
   * @param role who asked
   */
  void onDelta(AgentRole role, String text);
}
