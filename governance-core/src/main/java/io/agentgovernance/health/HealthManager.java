// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.health;

import io.agentgovernance.event.Subscription;

/**
 * How the parts an orchestrator rests on are doing, as it has seen them itself: by the calls that
 * failed or came back, and by the breakers of its model routes. Thread safe; nothing here waits.
 *
 * <p>The first failure makes a part {@link ComponentState#DEGRADED}, the {@value
 * #FAILURES_IN_A_ROW}rd in a row {@link ComponentState#UNHEALTHY}; a success makes an unhealthy
 * part degraded, and the {@value #SUCCESSES_IN_A_ROW}rd in a row healthy. While a store is not
 * healthy it is asked something harmless every {@value #PROBE_SECONDS} seconds, so that it recovers
 * without traffic. Model routes are degraded while some are open, and unhealthy while all are.
 *
 * <p>While coordination, checkpoints or ledger are unhealthy, starting, resuming and joining runs
 * fails with {@link UnhealthyException}; runs that go on are not touched. A ledger cannot be probed
 * without writing to it: one run at a time may try it, and fails by itself if it still does not
 * work.
 */
public interface HealthManager {
  /** How many failures in a row make a part unhealthy. */
  int FAILURES_IN_A_ROW = 3;

  /** How many successes in a row make a part healthy again. */
  int SUCCESSES_IN_A_ROW = 3;

  /** How long to wait before a part that failed is tried again, in seconds. */
  int PROBE_SECONDS = 5;

  /** How all parts are doing now. */
  Health snapshot();

  /**
   * Tells a listener of each change from now on, in order. One that is too slow loses the oldest
   * changes beyond 256.
   *
   * @return ends it
   */
  Subscription subscribe(HealthListener listener);
}
