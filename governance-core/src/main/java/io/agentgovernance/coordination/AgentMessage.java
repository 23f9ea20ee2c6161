// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message between agents of one run. The sender is set by the library.
 *
 * @param run the run
 * @param id unique within the run; a repeated id is delivered once
 * @param sequence the order within the run, assigned by the bus; 0 before it is published
 * @param from the sender
 * @param fence the sender's fencing token: receivers drop a message of a stale holder
 * @param to the recipient, or absent for every other agent
 * @param content the content, untrusted data to whoever reads it
 * @param at when it was sent
 */
public record AgentMessage(
    RunId run,
    String id,
    long sequence,
    AgentId from,
    long fence,
    @Nullable AgentId to,
    Payload content,
    Instant at) {

  public AgentMessage {
    requireNonNull(run, "run");
    requireNonNull(id, "id");
    requireNonNull(from, "from");
    requireNonNull(content, "content");
    requireNonNull(at, "at");
  }

  /** The same message with the sequence a bus gave it. */
  public AgentMessage withSequence(long assigned) {
    return new AgentMessage(run, id, assigned, from, fence, to, content, at);
  }

  /** Whether {@code agent} is to receive it: addressed to it, or a broadcast of another. */
  public boolean isFor(AgentId agent) {
    AgentId recipient = to;
    return recipient == null ? !from.equals(agent) : recipient.equals(agent);
  }
}
