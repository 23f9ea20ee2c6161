// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;

/**
 * What a model answered.
 *
 * @param content the usable content: text, or JSON of the wanted shape without fences and prose
 * @param model the model that answered
 * @param usage what all rounds of the question used
 */
public record Reply(Payload content, String model, Usage usage) {
  public Reply {
    requireNonNull(content, "content");
    requireNonNull(model, "model");
    requireNonNull(usage, "usage");
  }

  /** The content as text. */
  public String text() {
    return content.text();
  }

  /**
   * The content as a record.
   *
   * @throws io.agentgovernance.payload.UnreadablePayloadException if it has another shape
   */
  public <T> T read(Class<T> type) {
    return content.read(type);
  }
}
