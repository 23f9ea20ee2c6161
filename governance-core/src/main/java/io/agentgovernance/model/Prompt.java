// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an agent asks a model. Immutable and thread safe: each method returns a changed copy.
 *
 * <pre>{@code
 * Prompt.user("Score the risk").data("exposure", exposure).reply(Risk.class).maxTokens(800)
 * }</pre>
 */
public final class Prompt {
  private final String user;
  private final @Nullable String system;
  private final List<Part.Data> data;
  private final List<Message> later;
  private final List<String> tools;
  private final @Nullable Schema reply;
  private final int maxTokens;
  private final Map<String, Payload> options;

  private Prompt(Draft draft) {
    this.user = draft.user;
    this.system = draft.system;
    this.data = List.copyOf(draft.data);
    this.later = List.copyOf(draft.later);
    this.tools = List.copyOf(draft.tools);
    this.reply = draft.reply;
    this.maxTokens = draft.maxTokens;
    this.options = Collections.unmodifiableMap(new TreeMap<>(draft.options));
  }

  /** Returns a prompt with this instruction. */
  public static Prompt user(String text) {
    return new Prompt(new Draft(requireNonNull(text, "text")));
  }

  /** Returns a copy with these rules ahead of the instruction, in place of earlier ones. */
  public Prompt system(String text) {
    Draft draft = new Draft(this);
    draft.system = requireNonNull(text, "text");
    return new Prompt(draft);
  }

  /**
   * Returns a copy with untrusted data added. The model sees it delimited, apart from instructions.
   *
   * @param value a {@link Payload}, or what {@link Payload#of} takes
   */
  public Prompt data(String name, Object value) {
    return data(name, value, "");
  }

  /**
   * Returns a copy with untrusted data from a named source added.
   *
   * @param value a {@link Payload}, or what {@link Payload#of} takes
   */
  public Prompt data(String name, Object value, String source) {
    Payload content = value instanceof Payload payload ? payload : Payload.of(value);
    Draft draft = new Draft(this);
    draft.data.add(new Part.Data(name, content, source));
    return new Prompt(draft);
  }

  /** Returns a copy with a document added: data called {@code document} from this source. */
  public Prompt document(String name, String text) {
    return data("document", Payload.text(text), name);
  }

  /** Returns a copy with a further message after the instruction, such as an earlier reply. */
  public Prompt then(Message message) {
    Draft draft = new Draft(this);
    draft.later.add(requireNonNull(message, "message"));
    return new Prompt(draft);
  }

  /** Returns a copy that offers the model these tools too, out of those its agent may use. */
  public Prompt tools(String... names) {
    Draft draft = new Draft(this);
    draft.tools.addAll(Arrays.asList(names));
    return new Prompt(draft);
  }

  /**
   * Returns a copy whose reply may have at most so many tokens.
   *
   * @throws IllegalArgumentException if the limit is less than 1
   */
  public Prompt maxTokens(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("maxTokens must be >= 1 but was " + limit);
    }
    Draft draft = new Draft(this);
    draft.maxTokens = limit;
    return new Prompt(draft);
  }

  /** Returns a copy that wants a reply of this type. */
  public Prompt reply(Class<?> type) {
    return reply(Schema.of(type));
  }

  /** Returns a copy that wants a reply of this shape. */
  public Prompt reply(Schema schema) {
    Draft draft = new Draft(this);
    draft.reply = requireNonNull(schema, "schema");
    return new Prompt(draft);
  }

  /** Returns a copy with a provider-specific option, such as {@code temperature}. */
  public Prompt option(String name, Object value) {
    Draft draft = new Draft(this);
    draft.options.put(
        requireNonNull(name, "name"),
        value instanceof Payload payload ? payload : Payload.of(value));
    return new Prompt(draft);
  }

  /** Returns the conversation: rules if any, then instruction and data, then further messages. */
  public List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    if (system != null) {
      messages.add(Message.system(system));
    }
    List<Part> parts = new ArrayList<>();
    parts.add(new Part.Text(user));
    parts.addAll(data);
    messages.add(new Message(Message.Role.USER, parts));
    messages.addAll(later);
    return Collections.unmodifiableList(messages);
  }

  /** Returns the names of the tools offered. */
  public List<String> toolNames() {
    return tools;
  }

  /** Returns the wanted shape of the reply; empty for free text. */
  public Optional<Schema> replySchema() {
    return Optional.ofNullable(reply);
  }

  /** Returns the reply's token limit; empty if the caller's default applies. */
  public OptionalInt tokenLimit() {
    return maxTokens == 0 ? OptionalInt.empty() : OptionalInt.of(maxTokens);
  }

  /** Returns the provider-specific options. */
  public Map<String, Payload> options() {
    return options;
  }

  /**
   * Returns the request this prompt makes of a model.
   *
   * @param model the model as its provider names it
   * @param specs the tools behind {@link #toolNames()}
   */
  public ChatRequest toRequest(String model, List<ToolSpec> specs) {
    var builder = ChatRequest.builder(model).messages(messages()).tools(specs);
    options.forEach(builder::option);
    tokenLimit().ifPresent(builder::maxTokens);
    replySchema().ifPresent(builder::reply);
    return builder.build();
  }

  /** Shows the shape of the prompt, never its content. */
  @Override
  public String toString() {
    return "Prompt[data="
        + data.size()
        + ", tools="
        + tools
        + ", reply="
        + (reply == null ? "text" : reply.name())
        + "]";
  }

  /** The one place where a copy differs from its original. */
  private static final class Draft {
    private final String user;
    private @Nullable String system;
    private final List<Part.Data> data = new ArrayList<>();
    private final List<Message> later = new ArrayList<>();
    private final List<String> tools = new ArrayList<>();
    private @Nullable Schema reply;
    private int maxTokens;
    private final Map<String, Payload> options = new TreeMap<>();

    Draft(String user) {
      this.user = user;
    }

    Draft(Prompt from) {
      this(from.user);
      system = from.system;
      data.addAll(from.data);
      later.addAll(from.later);
      tools.addAll(from.tools);
      reply = from.reply;
      maxTokens = from.maxTokens;
      options.putAll(from.options);
    }
  }
}
