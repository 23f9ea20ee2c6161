// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.tool;

import io.agentgovernance.core.Principal;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
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

  /**
   * Reads a secret for this call, with the credentials of the agent if the host issues them to
   * agents, else as the orchestrator does. Blocks for the source's timeout at most. The caller
   * closes it.
   *
   * <p>The reference is the tool's, not the model's: never take it from the input. Secrets go to
   * the system that needs them, and never into the result.
   *
   * @throws SecretUnavailableException if it may not or cannot be read; let it escape, and the call
   *     has failed
   */
  default Secret secret(String reference) {
    throw new SecretUnavailableException(
        SecretUnavailableException.Reason.UNUSABLE,
        reference,
        "a call outside of a run",
        "a call of an agent",
        "In a test, answer with Secret.of(…).");
  }

  /** Says whether the call was aborted; its result is then thrown away. */
  boolean aborted();
}
