// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ScriptedModel} answers. Immutable and thread safe.
 *
 * @param parts what it says; a tool use whose id is empty gets one that depends on role, phase,
 *     turn and position only
 * @param finish why it stops
 * @param usage what it consumed; null for a quarter of a token for each byte of request and reply
 * @param chunks the pieces in which it streams; empty for none
 * @param between how long it waits before each piece
 */
public record ScriptedReply(
    List<Part> parts,
    FinishReason finish,
    @Nullable Usage usage,
    List<String> chunks,
    Duration between) {
  private static final int BYTES_PER_TOKEN = 4;

  public ScriptedReply {
    parts = List.copyOf(parts);
    requireNonNull(finish, "finish");
    chunks = List.copyOf(chunks);
    requireNonNull(between, "between");
  }

  /**
   * Returns a complete reply.
   *
   * @param content text as a string, or what becomes JSON by {@link Payload#of}, such as a record;
   *     a scripted reply stays what it is
   */
  public static ScriptedReply of(Object content) {
    requireNonNull(content, "content");
    if (content instanceof ScriptedReply reply) {
      return reply;
    }
    Payload payload = content instanceof Payload given ? given : null;
    String text =
        content instanceof String string
            ? string
            : payload != null ? payload.text() : Payload.of(content).text();
    return new ScriptedReply(
        List.of(new Part.Text(text)), FinishReason.STOP, null, List.of(), Duration.ZERO);
  }

  /**
   * Returns a reply that asks for a tool; {@link #andTool} adds more.
   *
   * @param input a {@link Payload}, or what {@link Payload#of} takes
   */
  public static ScriptedReply tool(String name, Object input) {
    return new ScriptedReply(
        List.of(use(name, input)), FinishReason.TOOL_USE, null, List.of(), Duration.ZERO);
  }

  /** Returns a copy that asks for one more tool. */
  public ScriptedReply andTool(String name, Object input) {
    List<Part> more = new ArrayList<>(parts);
    more.add(use(name, input));
    return new ScriptedReply(more, FinishReason.TOOL_USE, usage, chunks, between);
  }

  private static Part use(String name, Object input) {
    return new Part.ToolUse(
        "", name, input instanceof Payload payload ? payload : Payload.of(input));
  }

  /** Returns a copy with this usage. */
  public ScriptedReply withUsage(Usage usage) {
    return new ScriptedReply(parts, finish, requireNonNull(usage, "usage"), chunks, between);
  }

  /** Returns a copy that stops for this reason. */
  public ScriptedReply withFinish(FinishReason finish) {
    return new ScriptedReply(parts, finish, usage, chunks, between);
  }

  /** Returns a copy that streams these pieces, waiting before each, ahead of the reply itself. */
  public ScriptedReply withChunks(List<String> chunks, Duration between) {
    return new ScriptedReply(parts, finish, usage, chunks, between);
  }

  ChatReply toChatReply(ChatRequest request, Exchange exchange) {
    List<Part> named = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.ToolUse use && use.id().isEmpty()) {
        String id =
            String.join(
                "-",
                exchange.role().key(),
                exchange.phase().name(),
                Integer.toString(exchange.turn()),
                Integer.toString(named.size() + 1));
        named.add(new Part.ToolUse(id, use.tool(), use.input()));
      } else {
        named.add(part);
      }
    }
    Usage used = usage == null ? estimated(request) : usage;
    return new ChatReply(named, finish, used, request.model(), null);
  }

  private Usage estimated(ChatRequest request) {
    long bytes = 0;
    for (Part part : parts) {
      bytes +=
          part.match(
              text -> (long) text.text().getBytes(StandardCharsets.UTF_8).length,
              data -> (long) data.content().bytes(),
              use -> (long) use.input().bytes(),
              result -> (long) result.content().bytes(),
              opaque -> (long) opaque.content().bytes());
    }
    return Usage.of(tokens(request.promptBytes()), tokens(bytes));
  }

  private static long tokens(long bytes) {
    return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  /** Shows the shape, never the content. */
  @Override
  public String toString() {
    return "ScriptedReply[" + finish + ", parts=" + parts.size() + "]";
  }
}
