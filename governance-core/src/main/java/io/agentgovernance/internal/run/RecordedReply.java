// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model's reply as the journal keeps it. */
record RecordedReply(
    List<RecordedPart> parts,
    String finish,
    long promptTokens,
    long completionTokens,
    long cachedPromptTokens,
    long reasoningTokens,
    @Nullable String cost,
    String model,
    @Nullable String replyId) {

  /** A part of a reply: text, a tool use, or something of the provider's own. */
  record RecordedPart(String kind, String a, String b, Payload content) {}

  static Payload write(ChatReply reply) {
    List<RecordedPart> parts = new ArrayList<>(reply.parts().size());
    for (Part part : reply.parts()) {
      parts.add(write(part));
    }
    Usage usage = reply.usage();
    BigDecimal cost = usage.costUsd();
    return Payload.of(
        new RecordedReply(
            parts,
            reply.finish().name(),
            usage.promptTokens(),
            usage.completionTokens(),
            usage.cachedPromptTokens(),
            usage.reasoningTokens(),
            cost == null ? null : cost.toPlainString(),
            reply.model(),
            reply.replyId()));
  }

  private static RecordedPart write(Part part) {
    if (part instanceof Part.Text text) {
      return new RecordedPart("text", text.text(), "", Payload.empty());
    } else if (part instanceof Part.ToolUse use) {
      return new RecordedPart("use", use.id(), use.tool(), use.input());
    } else if (part instanceof Part.Opaque opaque) {
      return new RecordedPart("opaque", opaque.provider(), "", opaque.content());
    } else if (part instanceof Part.Data data) {
      return new RecordedPart("data", data.name(), data.source(), data.content());
    } else if (part instanceof Part.ToolResult result) {
      return new RecordedPart("result", result.id(), result.kind().name(), result.content());
    }
    throw new AssertionError(part);
  }

  static ChatReply read(Payload recorded) {
    RecordedReply reply = recorded.read(RecordedReply.class);
    String cost = reply.cost();
    return new ChatReply(
        reply.parts().stream().map(RecordedReply::read).toList(),
        FinishReason.valueOf(reply.finish()),
        new Usage(
            reply.promptTokens(),
            reply.completionTokens(),
            reply.cachedPromptTokens(),
            reply.reasoningTokens(),
            cost == null ? null : new BigDecimal(cost)),
        reply.model(),
        reply.replyId());
  }

  private static Part read(RecordedPart part) {
    return switch (part.kind()) {
      case "text" -> new Part.Text(part.a());
      case "use" -> new Part.ToolUse(part.a(), part.b(), part.content());
      case "opaque" -> new Part.Opaque(part.a(), part.content());
      case "data" -> new Part.Data(part.a(), part.content(), part.b());
      case "result" ->
          new Part.ToolResult(part.a(), part.content(), Part.ToolResult.Kind.valueOf(part.b()));
      default -> throw new AssertionError(part.kind());
    };
  }
}
