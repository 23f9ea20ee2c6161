// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import org.jspecify.annotations.Nullable;

/**
 * The lease of one agent, if this process has it. Thread safe: taken when the agent is made or
 * comes back, read by any thread.
 */
final class AgentLease {
  /** Null while the agent is run by another process, or by none. */
  private volatile @Nullable Held held;

  AgentLease(@Nullable Held held) {
    this.held = held;
  }

  void take(Held own) {
    held = own;
  }

  /** Whether the agent is run by another process, or by none. */
  boolean away() {
    return held == null;
  }

  /** Whether the agent may act no more, for want of it. */
  boolean over() {
    Held own = held;
    return own == null || own.over();
  }

  /** The token that its commands carry; 0 if it has none. */
  long fence() {
    Held own = held;
    return own == null ? 0 : own.token();
  }

  /** Has a short task run when it is lost. */
  void onLost(Runnable lost) {
    Held own = held;
    if (own != null) {
      own.watch(lost);
    }
  }

  /** The run is over: it is not renewed any more. */
  void letRunOut() {
    Held own = held;
    if (own != null) {
      own.letRunOut();
    }
  }

  /** The run is left: whoever takes it up need not wait for it. May wait for the store. */
  void giveBack() {
    Held own = held;
    if (own != null) {
      own.giveBack();
    }
  }
}
