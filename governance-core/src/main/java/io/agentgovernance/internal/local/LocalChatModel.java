// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A deterministic, offline stand-in for a language model: equal requests get equal replies, made of
 * verbatim passages of the data in the prompt, and each reply says what it is. It knows the shapes
 * of the standard team's replies, fills any other schema, never asks for tools and costs nothing.
 * Immutable and thread safe.
 */
public final class LocalChatModel implements ChatModel {
  private static final int BYTES_PER_TOKEN = 4;
  private static final int DELTA = 64;
  private static final int LEAST_DELTAS = 3;

  private final String name;

  /** A stand-in of this name. */
  public LocalChatModel(String name) {
    this.name = name;
  }

  @Override
  public ChatReply chat(ChatRequest request, Exchange exchange) throws InterruptedException {
    stopIfAborted(exchange);
    String full = reply(request);
    String text = cut(full, request.maxTokens());
    stream(text, exchange);
    return new ChatReply(
        List.of(new Part.Text(text)),
        text.length() == full.length() ? FinishReason.STOP : FinishReason.LENGTH,
        new Usage(tokens(request.promptBytes()), tokens(utf8(text)), BigDecimal.ZERO),
        name,
        null);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<ModelPricing> pricing(String model) {
    return Optional.of(ModelPricing.FREE);
  }

  private String reply(ChatRequest request) {
    Material material = new Material(request);
    if (material.sources().isEmpty()) {
      throw new ModelException(
          ModelException.Kind.INVALID_REQUEST,
          name + ": the prompt has no text; expected an objective, a document or an instruction");
    }
    Drafting drafting = new Drafting(material);
    Schema schema = request.replySchema();
    if (schema == null) {
      return freeText(drafting.corpus());
    }
    return roleReply(schema.name(), material, drafting)
        .filter(payload -> schema.problems(payload).isEmpty())
        .orElseGet(() -> new SchemaFiller(drafting.corpus()).fill(schema))
        .json();
  }

  private static Optional<Payload> roleReply(String shape, Material material, Drafting drafting) {
    Judging judging = new Judging(material, drafting);
    Object reply =
        switch (shape) {
          case "Criteria" -> drafting.criteria();
          case "Research" -> drafting.research();
          case "ProposalDraft" -> drafting.proposal();
          case "Evaluation" -> judging.evaluate();
          case "Solution" -> new Writing(material, drafting).solution();
          case "Mediation" -> new Mediating(material, drafting, judging).mediate();
          default -> null;
        };
    return Optional.ofNullable(reply).map(Payload::of);
  }

  private static String freeText(Corpus corpus) {
    StringBuilder text =
        new StringBuilder(Drafting.STAND_IN)
            .append("no language model is behind this reply, only text analysis.");
    List<String> phrases = corpus.phrases(3);
    if (!phrases.isEmpty()) {
      text.append(" The text is about ").append(String.join(", ", phrases)).append('.');
    }
    for (Passage passage : corpus.best(2)) {
      text.append(" It says: \"").append(passage.quote()).append("\" (");
      text.append(passage.source().name()).append(").");
    }
    return text.toString();
  }

  /** As a real model would, it stops at the token limit. */
  private static String cut(String text, int maxTokens) {
    long limit = (long) maxTokens * BYTES_PER_TOKEN;
    if (utf8(text) <= limit) {
      return text;
    }
    long bytes = 0;
    int end = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      if (bytes > limit) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end);
  }

  private static void stream(String text, Exchange exchange) throws InterruptedException {
    int size = Math.max(1, Math.min(DELTA, text.length() / LEAST_DELTAS));
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + size);
      if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
        to++;
      }
      stopIfAborted(exchange);
      exchange.delta(text.substring(from, to));
      from = to;
    }
    stopIfAborted(exchange);
  }

  private static void stopIfAborted(Exchange exchange) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while the local model was replying");
    }
    if (exchange.aborted()) {
      throw new ModelException(
          ModelException.Kind.ABORTED, "local: the call was aborted by its caller");
    }
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static long tokens(long bytes) {
    return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }
}
