// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything a model is sent. Immutable and thread safe.
 *
 * @param model the model as its provider names it; opaque, may be empty for the provider's default
 * @param messages the conversation, oldest first; never empty
 * @param tools the tools the model may ask for
 * @param replySchema the shape of the reply, or null for free text
 * @param maxTokens the most tokens the reply may have
 * @param options provider-specific settings by name, such as {@code temperature}; unknown ones are
 *     ignored
 */
public record ChatRequest(
    String model,
    List<Message> messages,
    List<ToolSpec> tools,
    @Nullable Schema replySchema,
    int maxTokens,
    Map<String, Payload> options) {
  /** The reply's token limit if none is set. */
  public static final int DEFAULT_MAX_TOKENS = 4096;

  public ChatRequest {
    requireNonNull(model, "model");
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    options = options.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(options));
    List<String> problems = problems(messages, tools, maxTokens);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("chat request: " + String.join("; ", problems));
    }
  }

  private static List<String> problems(
      List<Message> messages, List<ToolSpec> tools, int maxTokens) {
    List<String> problems = new ArrayList<>(0);
    if (messages.isEmpty()) {
      problems.add("expected at least one message but found none");
    }
    if (maxTokens < 1) {
      problems.add("maxTokens must be >= 1 but was " + maxTokens);
    }
    if (tools.size() > 1 && tools.stream().map(ToolSpec::name).distinct().count() < tools.size()) {
      problems.add("expected tools of different names but found two of one name");
    }
    return problems;
  }

  /** Begins a request to this model. */
  public static Builder builder(String model) {
    return new Builder(model);
  }

  /** Begins a request that equals this one. */
  public Builder toBuilder() {
    Builder builder = new Builder(model).messages(messages).tools(tools).maxTokens(maxTokens);
    options.forEach(builder::option);
    return replySchema == null ? builder : builder.reply(replySchema);
  }

  /**
   * Returns the UTF-8 bytes of everything sent, with an allowance for the markers between messages:
   * an upper bound on the prompt's tokens, because no tokenizer in use makes more than one token of
   * a byte.
   */
  public long promptBytes() {
    return RequestForm.bytes(this);
  }

  /** Returns the digest of the whole request; equal requests have equal digests. */
  public Digest digest() {
    return Digest.sha256(RequestForm.text(this));
  }

  /** Shows the shape of the request, never its content. */
  @Override
  public String toString() {
    return "ChatRequest["
        + model
        + ", messages="
        + messages.size()
        + ", tools="
        + tools.size()
        + ", reply="
        + (replySchema == null ? "text" : replySchema.name())
        + ", maxTokens="
        + maxTokens
        + "]";
  }

  /** Builds a {@link ChatRequest}. Not thread safe. */
  public static final class Builder {
    private final String model;
    private final List<Message> messages = new ArrayList<>();
    private final List<ToolSpec> tools = new ArrayList<>();
    private final Map<String, Payload> options = new TreeMap<>();
    private @Nullable Schema replySchema;
    private int maxTokens = DEFAULT_MAX_TOKENS;

    private Builder(String model) {
      this.model = requireNonNull(model, "model");
    }

    /** Adds a message. */
    public Builder message(Message message) {
      messages.add(requireNonNull(message, "message"));
      return this;
    }

    /** Adds messages. */
    public Builder messages(List<Message> more) {
      more.forEach(this::message);
      return this;
    }

    /** Adds a tool. */
    public Builder tool(ToolSpec tool) {
      tools.add(requireNonNull(tool, "tool"));
      return this;
    }

    /** Adds tools. */
    public Builder tools(List<ToolSpec> more) {
      more.forEach(this::tool);
      return this;
    }

    /** Sets the shape of the reply. If unset, free text. */
    public Builder reply(Schema schema) {
      this.replySchema = requireNonNull(schema, "schema");
      return this;
    }

    /** Sets the most tokens the reply may have. If unset, {@value #DEFAULT_MAX_TOKENS}. */
    public Builder maxTokens(int limit) {
      this.maxTokens = limit;
      return this;
    }

    /** Sets a provider-specific option. */
    public Builder option(String name, Payload value) {
      options.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
      return this;
    }

    /**
     * Makes the request; the builder may go on.
     *
     * @throws IllegalArgumentException listing all problems: no message, two tools of one name, a
     *     token limit below 1
     */
    public ChatRequest build() {
      return new ChatRequest(model, messages, tools, replySchema, maxTokens, options);
    }
  }
}
