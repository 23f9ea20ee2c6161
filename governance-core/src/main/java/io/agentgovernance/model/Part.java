// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Payload;
import java.util.function.Function;

/** One piece of a {@link Message}. All cases are immutable and thread safe. */
public sealed interface Part {

  /** Text as written by the host, the agent or the model. */
  record Text(String text) implements Part {
    public Text {
      requireNonNull(text, "text");
    }
  }

  /**
   * Untrusted data, kept apart from instructions. Models that only take text get {@link
   * #rendered()}.
   *
   * @param name what the data is, such as {@code objective} or {@code document}
   * @param content the data itself
   * @param source where it comes from, such as a file name; may be empty
   */
  record Data(String name, Payload content, String source) implements Part {
    public Data {
      requireNonNull(name, "name");
      requireNonNull(content, "content");
      requireNonNull(source, "source");
    }

    /**
     * Returns the data between {@code <data name="…" source="…">} and {@code </data>}, with
     * everything in the content that could be read as such a delimiter made harmless.
     */
    public String rendered() {
      return PromptRenderer.data(this);
    }
  }

  /**
   * A model's wish to call a tool.
   *
   * @param id the id that the matching {@link ToolResult} must carry
   * @param tool the tool's name as the model wrote it; it may not exist
   * @param input the arguments; a text payload if the model did not write JSON
   */
  record ToolUse(String id, String tool, Payload input) implements Part {
    public ToolUse {
      requireNonNull(id, "id");
      requireNonNull(tool, "tool");
      requireNonNull(input, "input");
    }
  }

  /**
   * What a tool answered.
   *
   * @param id the id of the {@link ToolUse} it answers
   * @param content the tool's output, or a description of the error
   * @param kind whether the tool worked
   */
  record ToolResult(String id, Payload content, Kind kind) implements Part {
    public ToolResult {
      requireNonNull(id, "id");
      requireNonNull(content, "content");
      requireNonNull(kind, "kind");
    }

    /** Whether a tool worked. */
    public enum Kind {
      /** The content is the tool's output. */
      OK,
      /** The content says what went wrong. */
      ERROR
    }
  }

  /**
   * Something only the provider understands, such as signed reasoning. It is sent back unchanged
   * and in order, and only to the provider that made it.
   *
   * @param provider who made it, such as {@code openrouter}
   * @param content the provider's JSON
   */
  record Opaque(String provider, Payload content) implements Part {
    public Opaque {
      requireNonNull(provider, "provider");
      requireNonNull(content, "content");
    }
  }

  /** Calls the function of this part's case; exhaustive, also on Java 17. */
  default <R> R match(
      Function<Text, R> text,
      Function<Data, R> data,
      Function<ToolUse, R> toolUse,
      Function<ToolResult, R> toolResult,
      Function<Opaque, R> opaque) {
    if (this instanceof Text part) {
      return text.apply(part);
    } else if (this instanceof Data part) {
      return data.apply(part);
    } else if (this instanceof ToolUse part) {
      return toolUse.apply(part);
    } else if (this instanceof ToolResult part) {
      return toolResult.apply(part);
    } else if (this instanceof Opaque part) {
      return opaque.apply(part);
    }
    throw new AssertionError(this);
  }
}
