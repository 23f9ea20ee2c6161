// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.BadInputException;
import java.time.Duration;

/**
 * When a breaker opens and how long it stays so. Immutable.
 *
 * @param failures how many consecutive failures open it
 * @param firstWait how long it stays open the first time; doubles each time a probe fails
 * @param maxWait the longest it stays open; also how long a probe may take before it counts as
 *     failed
 */
public record BreakerRules(int failures, Duration firstWait, Duration maxWait) {
  private static final Duration LONGEST = Duration.ofDays(365);

  /** The 5th consecutive failure opens, for 30 s, at most 5 min. */
  public static final BreakerRules DEFAULT =
      new BreakerRules(5, Duration.ofSeconds(30), Duration.ofMinutes(5));

  public BreakerRules {
    if (failures < 1) {
      throw new BadInputException(
          "breaker failures", String.valueOf(failures), "at least 1", "The default is 5");
    }
    if (firstWait.toMillis() < 1
        || maxWait.compareTo(firstWait) < 0
        || maxWait.compareTo(LONGEST) > 0) {
      throw new BadInputException(
          "breaker wait",
          firstWait + " up to " + maxWait,
          "from 1 ms on, and a longest wait that is not shorter but at most a year",
          "The defaults are PT30S and PT5M");
    }
  }

  /** Returns how long to stay open for the nth time in a row, beginning with 1. */
  Duration waitFor(int opening) {
    Duration doubled = firstWait;
    for (int i = 1; i < opening && doubled.compareTo(maxWait) < 0; i++) {
      doubled = doubled.multipliedBy(2);
    }
    return doubled.compareTo(maxWait) < 0 ? doubled : maxWait;
  }
}
