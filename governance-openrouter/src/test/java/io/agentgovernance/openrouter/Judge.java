// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import java.util.List;

/** Compares what came of a case with what its file expects. */
final class Judge {
  static final ChatRequest REQUEST =
      ChatRequest.builder("vendor/asked")
          .message(Message.user("Tell me about the merger of Alpha and Beta, please"))
          .maxTokens(100)
          .build();

  private Judge() {}

  static void check(ContractCase c, ChatReply reply, List<String> deltas) {
    assertThat(c.expected("kind")).as("%s: a reply came of it: %s", c, reply).isEmpty();
    for (String[] expectation : c.expectations()) {
      check(c, expectation[0], expectation[1], reply, deltas);
    }
    assertThat(reply.toolUses()).as(c.name()).hasSameSizeAs(c.expected("tool"));
    String text = String.join("", deltas);
    assertThat(reply.text().startsWith(text) || c.name().contains("half-a-surrogate")).isTrue();
  }

  private static void check(
      ContractCase c, String key, String value, ChatReply reply, List<String> deltas) {
    switch (key) {
      case "text" -> assertThat(reply.text()).as(c.name()).isEqualTo(value);
      case "finish" -> assertThat(reply.finish().name()).as(c.name()).isEqualTo(value);
      case "model" -> assertThat(reply.model()).as(c.name()).isEqualTo(value);
      case "id" -> assertThat(reply.replyId()).as(c.name()).isEqualTo(value);
      case "deltas" -> assertThat(String.join("|", deltas)).as(c.name()).isEqualTo(value);
      case "tool" -> assertThat(reply.toolUses().stream().map(Judge::tool)).contains(value);
      case "opaque" -> assertThat(opaque(reply)).isEqualTo(Payload.json(value));
      default -> usage(c, key, value, reply.usage());
    }
  }

  private static String tool(Part.ToolUse use) {
    return use.id() + " " + use.tool() + " " + use.input().json();
  }

  private static Payload opaque(ChatReply reply) {
    Part.Opaque opaque = (Part.Opaque) reply.parts().get(0);
    assertThat(opaque.provider()).isEqualTo("openrouter");
    assertThat(opaque.content().at("/model").orElseThrow().text()).isEqualTo("vendor/asked");
    return opaque
        .content()
        .at("/reasoning_details")
        .or(() -> opaque.content().at("/reasoning"))
        .orElseThrow();
  }

  private static void usage(ContractCase c, String key, String value, Usage usage) {
    switch (key) {
      case "prompt" ->
          assertThat(usage.promptTokens())
              .as(c.name())
              .isEqualTo(value.equals("bound") ? REQUEST.promptBytes() : Long.parseLong(value));
      case "completion" ->
          assertThat(usage.completionTokens()).as(c.name()).isEqualTo(Long.parseLong(value));
      case "cached" -> assertThat(usage.cachedPromptTokens()).isEqualTo(Long.parseLong(value));
      case "reasoning" -> assertThat(usage.reasoningTokens()).isEqualTo(Long.parseLong(value));
      case "cost" -> {
        if (value.equals("none")) {
          assertThat(usage.costUsd()).as(c.name()).isNull();
        } else {
          assertThat(usage.costUsd()).as(c.name()).isEqualByComparingTo(value);
        }
      }
      default -> throw new AssertionError(c + ": unknown expectation " + key);
    }
  }

  static void check(ContractCase c, ModelException error) {
    assertThat(c.expected("kind")).as("%s: it failed: %s", c, error).isNotEmpty();
    String message = String.valueOf(error.getMessage());
    for (String[] expectation : c.expectations()) {
      String value = expectation[1];
      switch (expectation[0]) {
        case "kind" -> assertThat(error.kind().name()).as("%s: %s", c, message).isEqualTo(value);
        case "retryable" ->
            assertThat(error.retryable()).as(c.name()).isEqualTo(Boolean.valueOf(value));
        case "mayHaveCost" ->
            assertThat(error.mayHaveCost()).as(c.name()).isEqualTo(Boolean.valueOf(value));
        case "message" -> assertThat(message).as(c.name()).contains(value);
        case "message!" -> assertThat(message).as(c.name()).doesNotContain(value);
        case "messageShorterThan" ->
            assertThat(message).as(c.name()).hasSizeLessThan(Integer.parseInt(value));
        case "messageOneLine" -> assertThat(message).as(c.name()).doesNotContainPattern("[\\p{C}]");
        case "id" -> assertThat(error.replyId()).as(c.name()).contains(value);
        case "retryAfter" ->
            assertThat(error.retryAfter().map(Object::toString).orElse("none"))
                .as(c.name())
                .isEqualTo(value);
        default -> usage(c, expectation[0], value, error.usage().orElseThrow());
      }
    }
    assertThat(message).as(c.name()).doesNotContain(TestKeys.KEY).isNotBlank();
  }
}
