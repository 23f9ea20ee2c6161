// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.AgentMessage;

/**
 * A message as a consumer gets it. A message may be delivered more than once: if its consumer died
 * after the effect and before it could say so, for instance. Whoever needs the effect once notes
 * the message's run and id together with the effect, in one transaction, and passes over what is
 * noted.
 *
 * @param message the message; its id and its sequence are the same each time
 * @param attempt the how many-th delivery to this group it is, beginning with 1
 */
public record Delivery(AgentMessage message, long attempt) {
  /** Checks that there is a message. */
  public Delivery {
    requireNonNull(message, "message");
  }
}
