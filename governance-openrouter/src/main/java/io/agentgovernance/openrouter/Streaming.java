// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

/** Whether replies come as a stream. */
public enum Streaming {
  /** Token by token: progress is seen, and a call that is stopped may cost less. The default. */
  ON,
  /** All at once, for servers that cannot stream. Stopping such a call does not save its cost. */
  OFF
}
