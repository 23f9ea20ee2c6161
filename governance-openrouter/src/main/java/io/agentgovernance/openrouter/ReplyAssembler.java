// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes a reply of one JSON value, or of the chunks of a stream. Unknown fields and values are
 * skipped. Not thread safe.
 */
final class ReplyAssembler {
  /** The server does not keep to its contract. The message holds nothing of what it sent. */
  static final class BadReplyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadReplyException(String message) {
      super(message);
    }
  }

  /** The server says what went wrong, although the status was 200. */
  static final class ErrorInReplyException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient JsonNode body;

    ErrorInReplyException(JsonNode body) {
      super("an error within a reply");
      this.body = body;
    }

    /** What holds the {@code error}. */
    JsonNode body() {
      return body;
    }
  }

  private final String asked;
  private final Consumer<String> deltas;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder(0);
  private final Reasoning reasoning = new Reasoning();
  private final ToolCalls tools = new ToolCalls();
  private char held; // half of a pair, whose other half comes with the next chunk
  private boolean sawChoice;
  private @Nullable String finish;
  private @Nullable String id;
  private @Nullable String model;
  private @Nullable Usage usage;

  /**
   * @param asked the model that was asked
   * @param deltas takes the text as it comes
   */
  ReplyAssembler(String asked, Consumer<String> deltas) {
    this.asked = asked;
    this.deltas = deltas;
  }

  @Nullable String id() {
    return id;
  }

  @Nullable Usage usage() {
    return usage;
  }

  /** Says whether the model had written anything. */
  boolean begun() {
    return text.length() > 0 || !tools.isEmpty() || usage != null;
  }

  /**
   * Takes a reply or a chunk.
   *
   * @throws ErrorInReplyException if it says what went wrong
   * @throws BadReplyException if there is too much of it
   */
  void accept(JsonNode chunk) {
    String newId = Json.text(chunk, "id");
    if (id == null && newId != null && !newId.isEmpty()) {
      id = newId;
    }
    String newModel = Json.text(chunk, "model");
    if (newModel != null && !newModel.isEmpty()) {
      model = newModel;
    }
    Usage newUsage = UsageReader.of(chunk);
    if (newUsage != null) {
      usage = newUsage;
    }
    if (Json.has(chunk, "error")) {
      throw new ErrorInReplyException(chunk);
    }
    for (JsonNode choice : Json.elements(chunk, "choices")) {
      Integer index = Json.integer(choice, "index");
      if (choice.isObject() && (index == null || index == 0)) {
        choice(choice);
      }
    }
  }

  private void choice(JsonNode choice) {
    sawChoice = true;
    if (Json.has(choice, "error")) {
      throw new ErrorInReplyException(choice);
    }
    message(Json.at(choice, "delta"));
    message(Json.at(choice, "message"));
    String old = Json.text(choice, "text"); // of servers that answer as for plain completions
    if (old != null) {
      text(old);
    }
    String reason = Json.text(choice, "finish_reason");
    if (reason != null && !reason.isEmpty()) {
      finish = reason;
    }
  }

  private void message(JsonNode message) {
    if (!message.isObject()) {
      return;
    }
    JsonNode content = Json.at(message, "content");
    if (content.isTextual()) {
      text(content.textValue());
    } else {
      for (JsonNode part : Json.elements(message, "content")) {
        String piece = part.isTextual() ? part.textValue() : Json.text(part, "text");
        if (piece != null) {
          text(piece);
        }
      }
    }
    String refused = Json.text(message, "refusal");
    if (refused != null && refusal.length() < Limits.ERROR_BYTES) {
      refusal.append(refused);
    }
    reasoning.add(message);
    tools.add(message);
  }

  private void text(String piece) {
    if (piece.isEmpty()) {
      return;
    }
    String whole = held == 0 ? piece : held + piece;
    held = 0;
    int end = whole.length();
    if (Character.isHighSurrogate(whole.charAt(end - 1))) {
      held = whole.charAt(--end);
    }
    if (end > 0) {
      String ready = end == whole.length() ? whole : whole.substring(0, end);
      text.append(ready);
      deltas.accept(ready);
    }
  }

  /**
   * Returns the reply.
   *
   * @param complete whether the server has said that there is no more
   * @param bound what to charge if the server says nothing of that: an upper bound
   * @throws BadReplyException if there is no reply in what came
   */
  ChatReply reply(End complete, Usage bound) {
    if (!sawChoice) {
      throw new BadReplyException("no choice");
    }
    if (held != 0) {
      held = 0;
      text.append('\uFFFD');
    }
    boolean nothing = text.length() == 0 && refusal.length() == 0 && tools.isEmpty();
    if (nothing && finish == null) {
      throw new BadReplyException("neither a text nor a reason why there is none");
    }
    if (complete == End.BROKEN_OFF && finish == null) {
      throw new BadReplyException("an end before the model's end");
    }
    if ("error".equals(finish)) {
      throw new BadReplyException("an error of the model's provider, without saying which");
    }
    List<Part> parts = new ArrayList<>();
    reasoning.part(asked).ifPresent(parts::add);
    if (text.length() > 0) {
      parts.add(new Part.Text(wellFormed(text)));
    } else if (refusal.length() > 0) {
      parts.add(new Part.Text(wellFormed(refusal)));
    }
    parts.addAll(tools.parts());
    Usage known = usage;
    return new ChatReply(
        parts, finish(), known == null ? bound : known, model == null ? asked : model, id);
  }

  /** How many bytes of text the model wrote, which its tokens cannot exceed. */
  long writtenBytes() {
    return 4L * text.length();
  }

  private FinishReason finish() {
    if (refusal.length() > 0 && text.length() == 0) {
      return FinishReason.CONTENT_FILTER;
    }
    String reason = finish == null ? "" : finish;
    return switch (reason) {
      case "length", "max_tokens" -> FinishReason.LENGTH;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      default -> tools.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_USE;
    };
  }

  private static String wellFormed(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        text.setCharAt(i, '\uFFFD');
      }
    }
    return text.toString();
  }

  /** How the transmission of a reply ended. */
  enum End {
    /** As the protocol says. */
    COMPLETE,
    /** The connection was closed before the protocol's end. */
    BROKEN_OFF
  }
}
