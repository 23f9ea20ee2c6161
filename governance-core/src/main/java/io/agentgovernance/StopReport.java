// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.core.AgentId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a stop achieved, agent by agent. Whatever it says, nothing that an agent does after the stop
 * is accepted.
 *
 * @param agents each agent that was active, in the order they were spawned
 */
public record StopReport(Map<AgentId, Confirmation> agents) {

  /** What is known of one agent. */
  public enum Confirmation {
    /** Its thread has ended. */
    CONFIRMED,
    /** Its thread had not ended when the time for confirmations was over. */
    TIMED_OUT,
    /** Something that was to abort its call failed. */
    FAILED,
    /** It has no thread here: it waits for a person or runs in another process. */
    NO_HANDLER
  }

  public StopReport {
    agents = Collections.unmodifiableMap(new LinkedHashMap<>(agents));
  }

  /** Whether every agent is known to have ended. */
  public boolean confirmed() {
    return agents.values().stream().allMatch(Confirmation.CONFIRMED::equals);
  }
}
