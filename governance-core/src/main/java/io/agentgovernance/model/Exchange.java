// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;

/**
 * One call of a model, seen from the model: where its words go, when it must stop, and for whom it
 * works. The runtime implements it; thread safe.
 */
public interface Exchange {
  /**
   * Passes on a piece of the reply's text as it arrives. Optional, but a model that streams keeps
   * its agent from looking stuck. Deltas after an abort are ignored.
   */
  void delta(String text);

  /**
   * Tells the provider's id of the reply as soon as it is known. Optional: with it, {@link
   * ChatModel#usageOf} is asked what the reply cost if its end is not seen. By default does
   * nothing.
   */
  default void replyStarted(String replyId) {}

  /**
   * Registers what ends the call early, such as closing its connection. Runs the hook at once if
   * the call is already aborted; otherwise it runs at most once, on another thread, and must not
   * block.
   */
  void onAbort(Runnable hook);

  /** Says whether the call was aborted; a model then throws with {@code Kind.ABORTED}. */
  boolean aborted();

  /** Returns the time left; zero when it is over, never negative. */
  Duration remaining();

  /** Returns the time source for every wait of the call. */
  TimeSource time();

  /** Returns the key of this call; the same on a retry and on a resumed run. */
  String idempotencyKey();

  /** Returns the run the call belongs to. */
  RunId run();

  /** Returns the agent that asks. */
  AgentId agent();

  /** Returns the role of the agent that asks. */
  AgentRole role();

  /** Returns the phase the agent is in. */
  AgentPhase phase();

  /** Returns which model call of the agent in this phase it is, beginning with 1. */
  int turn();
}
