// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

/**
 * Carries context from the thread that starts an agent to the thread the agent runs on: logging
 * fields, a trace, a security context.
 *
 * <p>Thread safe. By default the MDC of SLF4J is carried.
 *
 * <pre>{@code
 * ContextPropagator tenant = task -> {
 *   String captured = Tenants.current();        // on the starting thread
 *   return () -> {
 *     Tenants.enter(captured);                  // on the agent's thread
 *     try {
 *       task.run();
 *     } finally {
 *       Tenants.leave();                        // threads are pooled: leave nothing behind
 *     }
 *   };
 * };
 * }</pre>
 */
@FunctionalInterface
public interface ContextPropagator {

  /**
   * Captures the context of the calling thread and returns a task that runs the given one in it,
   * exactly once, and then puts back what its thread had before. Must not block.
   *
   * <p>What it throws keeps the agent from starting; what the returned task throws by itself fails
   * the agent.
   */
  Runnable wrap(Runnable task);

  /** Carries nothing. */
  static ContextPropagator none() {
    return task -> task;
  }
}
