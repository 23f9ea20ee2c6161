// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A model's reply. Immutable and thread safe.
 *
 * @param parts text, tool uses and opaque parts in the order the provider gave them; may be empty
 * @param finish why the model stopped
 * @param usage what it consumed
 * @param model the model that really answered, which may differ from the one asked
 * @param replyId the provider's id of this reply, for later questions about its cost
 */
public record ChatReply(
    List<Part> parts, FinishReason finish, Usage usage, String model, @Nullable String replyId) {

  public ChatReply {
    parts = List.copyOf(parts);
    requireNonNull(finish, "finish");
    requireNonNull(usage, "usage");
    requireNonNull(model, "model");
  }

  /** Returns a complete reply of one text without a provider's id. */
  public static ChatReply of(String text, Usage usage, String model) {
    return new ChatReply(List.of(new Part.Text(text)), FinishReason.STOP, usage, model, null);
  }

  /** Returns all text of the reply, joined without a separator; empty if there is none. */
  public String text() {
    if (parts.size() == 1) {
      return parts.get(0) instanceof Part.Text only ? only.text() : "";
    }
    return parts.stream()
        .filter(Part.Text.class::isInstance)
        .map(part -> ((Part.Text) part).text())
        .collect(Collectors.joining());
  }

  /** Returns the tools the model asks for, in order. */
  public List<Part.ToolUse> toolUses() {
    List<Part.ToolUse> uses = new ArrayList<>(0);
    for (Part part : parts) {
      if (part instanceof Part.ToolUse use) {
        uses.add(use);
      }
    }
    return Collections.unmodifiableList(uses);
  }

  /**
   * Returns this reply as a message for the next turn, opaque parts included; an empty reply
   * becomes an empty text.
   */
  public Message toMessage() {
    return new Message(
        Message.Role.ASSISTANT, parts.isEmpty() ? List.of(new Part.Text("")) : parts);
  }

  /** Shows shape and usage, never the content. */
  @Override
  public String toString() {
    return "ChatReply["
        + model
        + ", "
        + finish
        + ", parts="
        + parts.size()
        + ", "
        + usage
        + (replyId == null ? "" : ", id=" + replyId)
        + "]";
  }
}
