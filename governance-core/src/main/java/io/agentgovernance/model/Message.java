// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One message of a conversation. Immutable and thread safe.
 *
 * @param role who speaks
 * @param parts what is said, in order; never empty
 */
public record Message(Role role, List<Part> parts) {

  /** Who speaks. */
  public enum Role {
    /** The rules of the conversation. */
    SYSTEM,
    /** The one who asks. */
    USER,
    /** The model. */
    ASSISTANT,
    /** Results of tools. */
    TOOL
  }

  public Message {
    requireNonNull(role, "role");
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException(
          "message of role " + role + ": expected at least one part but found none");
    }
  }

  /** Returns a system message of one text. */
  public static Message system(String text) {
    return new Message(Role.SYSTEM, List.of(new Part.Text(text)));
  }

  /** Returns a user message of one text. */
  public static Message user(String text) {
    return new Message(Role.USER, List.of(new Part.Text(text)));
  }

  /** Returns an assistant message of one text. */
  public static Message assistant(String text) {
    return new Message(Role.ASSISTANT, List.of(new Part.Text(text)));
  }

  /** Returns the message that hands tool results back to the model. */
  public static Message results(List<Part.ToolResult> results) {
    return new Message(Role.TOOL, List.copyOf(results));
  }

  /**
   * Returns the texts and the rendered data of this message, separated by blank lines; other parts
   * are left out.
   */
  public String text() {
    return parts.stream()
        .map(
            part ->
                part.match(
                    Part.Text::text, Part.Data::rendered, use -> "", result -> "", opaque -> ""))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("\n\n"));
  }

  /** Shows the role and the number of parts, never their content. */
  @Override
  public String toString() {
    return "Message[" + role + ", parts=" + parts.size() + "]";
  }
}
