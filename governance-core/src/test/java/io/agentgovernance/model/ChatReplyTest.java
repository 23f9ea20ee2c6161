// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChatReplyTest {
  private static final Part REASONING = new Part.Opaque("p", Payload.text("signed"));
  private static final Part.ToolUse USE = new Part.ToolUse("c1", "search", Payload.empty());
  private static final ChatReply REPLY =
      new ChatReply(
          List.of(REASONING, new Part.Text("Let me "), USE, new Part.Text("look")),
          FinishReason.TOOL_USE,
          Usage.of(3, 4),
          "vendor/model",
          "gen-1");

  @Test
  void joinsItsTextsAndListsItsToolUses() {
    assertThat(REPLY.text()).isEqualTo("Let me look");
    assertThat(REPLY.toolUses()).containsExactly(USE);
  }

  @Test
  void goesBackToTheModelUnchangedAndInOrder() {
    assertThat(REPLY.toMessage()).isEqualTo(new Message(Message.Role.ASSISTANT, REPLY.parts()));
  }

  @Test
  void mayBeEmpty() {
    var reply = new ChatReply(List.of(), FinishReason.STOP, Usage.ZERO, "m", null);

    assertThat(reply.text()).isEmpty();
    assertThat(reply.toMessage()).isEqualTo(Message.assistant(""));
  }

  @Test
  void keepsItsContentOutOfItsText() {
    assertThat(REPLY.toString()).contains("vendor/model", "gen-1").doesNotContain("look");
    assertThat(REPLY.toMessage().toString()).doesNotContain("look");
  }

  @Test
  void matchCallsTheFunctionOfTheCase() {
    List<Part> parts =
        List.of(
            new Part.Text("t"),
            new Part.Data("d", Payload.empty(), ""),
            USE,
            new Part.ToolResult("c1", Payload.empty(), Part.ToolResult.Kind.OK),
            REASONING);

    assertThat(parts)
        .extracting(part -> part.<Integer>match(a -> 0, a -> 1, a -> 2, a -> 3, a -> 4))
        .containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void aMessageNeedsAPart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Message(Message.Role.USER, List.of()))
        .withMessageContaining("at least one part");
  }

  @Test
  void aToolNeedsANameAllProvidersTake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ToolSpec("no spaces", "", Schema.parse("{}")))
        .withMessage("tool name 'no spaces': expected 1 to 64 of A-Z a-z 0-9 _ -");
  }
}
