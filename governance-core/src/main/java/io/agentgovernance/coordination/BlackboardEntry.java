// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.payload.Payload;
import java.time.Instant;

/**
 * One value on the blackboard.
 *
 * @param key the key, at most 256 characters
 * @param value the value
 * @param version 1 for the first write, one more for each further one
 * @param writer the agent that wrote it; set by the library, never by the writer
 * @param at when it was written
 */
public record BlackboardEntry(String key, Payload value, long version, AgentId writer, Instant at) {
  public BlackboardEntry {
    requireNonNull(key, "key");
    requireNonNull(value, "value");
    requireNonNull(writer, "writer");
    requireNonNull(at, "at");
  }
}
