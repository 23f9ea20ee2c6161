// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChatRequestTest {
  private static final ToolSpec TOOL = new ToolSpec("search", "Finds", Schema.of(Query.class));
  private static final Message MIXED =
      new Message(
          Message.Role.ASSISTANT,
          List.of(
              new Part.Opaque("openrouter", Payload.json("{\"type\":\"reasoning.encrypted\"}")),
              new Part.Text("Let me look"),
              new Part.ToolUse("call_1", "search", Payload.json("{\"q\":\"ÅÄÖ\"}"))));
  private static final Message RESULT =
      Message.results(
          List.of(new Part.ToolResult("call_1", Payload.text("none"), Part.ToolResult.Kind.ERROR)));

  @Test
  void countsTheBytesOfEverythingSent() {
    var request = full().build();

    long texts =
        Stream.of(
                "Be exact",
                "Find ÅÄÖ 🙂",
                "openrouter",
                "{\"type\":\"reasoning.encrypted\"}",
                "Let me look",
                "call_1",
                "search",
                "{\"q\":\"ÅÄÖ\"}",
                "call_1",
                "none",
                "search",
                "Finds",
                TOOL.input().json(),
                Schema.of(Query.class).json(),
                "temperature",
                "0")
            .mapToLong(text -> text.getBytes(StandardCharsets.UTF_8).length)
            .sum();
    assertThat(request.promptBytes()).isBetween(texts, texts + 16 * 32);
  }

  @Test
  void growsByAtLeastTheBytesAdded() {
    var request = ChatRequest.builder("m").message(Message.user("a")).build();
    var longer = ChatRequest.builder("m").message(Message.user("a🙂")).build();

    assertThat(longer.promptBytes()).isEqualTo(request.promptBytes() + 4);
  }

  @Test
  void equalRequestsHaveEqualDigests() {
    assertThat(full().build()).isEqualTo(full().build());
    assertThat(full().build().digest()).isEqualTo(full().build().digest());
  }

  @Test
  void anyDifferenceChangesTheDigest() {
    List<UnaryOperator<ChatRequest.Builder>> changes =
        List.of(
            builder -> builder.message(Message.user("more")),
            builder -> builder.maxTokens(11),
            builder -> builder.option("temperature", Payload.of(1)),
            builder -> builder.option("seed", Payload.of(1)),
            builder -> builder.reply(Schema.of(Other.class)),
            builder -> builder.tool(new ToolSpec("more", "", Schema.of(Query.class))));

    var digests = new ArrayList<>(List.of(full().build().digest()));
    changes.forEach(change -> digests.add(change.apply(full()).build().digest()));

    assertThat(digests).doesNotHaveDuplicates();
  }

  @Test
  void textAndJsonOfTheSameLookHaveDifferentDigests() {
    var text = new Part.Data("d", Payload.text("{\"a\":1}"), "");
    var json = new Part.Data("d", Payload.json("{\"a\":1}"), "");

    assertThat(of(text).digest()).isNotEqualTo(of(json).digest());
  }

  @Test
  void reportsAllProblemsAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChatRequest.builder("m").maxTokens(0).tool(TOOL).tool(TOOL).build())
        .withMessageContaining("at least one message")
        .withMessageContaining("maxTokens must be >= 1 but was 0")
        .withMessageContaining("tools of different names");
  }

  @Test
  void copiesWhatItIsGiven() {
    var messages = new ArrayList<>(List.of(Message.user("a")));
    var builder = ChatRequest.builder("m").messages(messages);
    var request = builder.build();

    messages.clear();
    builder.message(Message.user("b"));

    assertThat(request.messages()).containsExactly(Message.user("a"));
  }

  @Test
  void canBeChangedByWayOfItsBuilder() {
    var request = full().build();

    assertThat(request.toBuilder().build()).isEqualTo(request);
    assertThat(request.toBuilder().maxTokens(99).build().maxTokens()).isEqualTo(99);
  }

  @Test
  void keepsItsContentOutOfItsText() {
    assertThat(full().build())
        .hasToString("ChatRequest[m, messages=4, tools=1, reply=Query, maxTokens=10]");
  }

  private static ChatRequest of(Part part) {
    return ChatRequest.builder("m").message(new Message(Message.Role.USER, List.of(part))).build();
  }

  private static ChatRequest.Builder full() {
    return ChatRequest.builder("m")
        .message(Message.system("Be exact"))
        .message(Message.user("Find ÅÄÖ 🙂"))
        .message(MIXED)
        .message(RESULT)
        .tool(TOOL)
        .reply(Schema.of(Query.class))
        .option("temperature", Payload.of(0))
        .maxTokens(10);
  }

  record Query(String q) {}

  record Other(String q) {}
}
