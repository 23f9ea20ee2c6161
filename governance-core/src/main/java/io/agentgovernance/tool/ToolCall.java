// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.tool;

import io.agentgovernance.core.Principal;
import java.time.Duration;

/** One call of a tool, seen from the tool. The runtime implements it; thread safe. */
public interface ToolCall {
  /**
   * Returns the key of this call; the same on a retry and on a resumed run. Pass it on to make the
   * effect idempotent.
   */
  String idempotencyKey();

  /** Returns the time left; zero when it is over, never negative. */
  Duration remaining();

  /** Returns for whom the call is made. */
  Principal principal();

  /**
   * Registers what ends the call early. Runs the hook at once if the call is already aborted;
   * otherwise it runs at most once, on another thread, and must not block.
   */
  void onAbort(Runnable hook);

  /** Says whether the call was aborted; its result is then thrown away. */
  boolean aborted();
}
