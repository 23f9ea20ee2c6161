// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A run that another host coordinates and of which this one runs some roles. Thread safe.
 *
 * <p>The agents act with the models, tools, policies and ledger of this host, under the budgets and
 * the deadline of the run. A stop, a deadline or a revocation decided elsewhere stops them at once.
 */
public interface Joined {

  /** The run. */
  RunId run();

  /** The roles that run here. */
  Set<AgentRole> roles();

  /** Blocks until the run has ended, or this host has nothing to do with it any more. */
  JoinEnd await() throws InterruptedException;

  /** Completes with the same. Cancelling it changes nothing. */
  CompletableFuture<JoinEnd> completion();

  /**
   * Leaves the run: what its agents here have done and learned is remembered, and the coordinator
   * goes on with them. Does not wait.
   */
  void leave(String reason);
}
