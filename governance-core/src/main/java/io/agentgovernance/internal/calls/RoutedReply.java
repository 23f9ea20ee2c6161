// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.model.ChatReply;
import java.util.List;

/**
 * A model's reply and how it was got. Immutable.
 *
 * @param reply the reply
 * @param route the route that gave it
 * @param attempts how many attempts were made, on all routes
 * @param notes what went wrong on the way: routes that were open or failed, in order
 */
public record RoutedReply(ChatReply reply, ModelRoute route, int attempts, List<String> notes) {
  public RoutedReply {
    requireNonNull(reply, "reply");
    requireNonNull(route, "route");
    notes = List.copyOf(notes);
  }
}
