// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PromptTest {
  private static final Prompt PROMPT = Prompt.user("Score the risk");

  @Test
  void putsRulesFirstThenInstructionAndDataThenFurtherMessages() {
    Message earlier = Message.assistant("Which customer?");

    List<Message> messages =
        PROMPT
            .document("terms.md", "Net 30")
            .system("Be exact")
            .then(earlier)
            .data("exposure", Map.of("total", 4))
            .messages();

    assertThat(messages)
        .containsExactly(
            Message.system("Be exact"),
            new Message(
                Message.Role.USER,
                List.of(
                    new Part.Text("Score the risk"),
                    new Part.Data("document", Payload.text("Net 30"), "terms.md"),
                    new Part.Data("exposure", Payload.json("{\"total\":4}"), ""))),
            earlier);
  }

  @Test
  void leavesTheOriginalAlone() {
    PROMPT
        .system("x")
        .data("a", 1)
        .document("d", "t")
        .then(Message.user("u"))
        .tools("t1")
        .maxTokens(5)
        .reply(Risk.class)
        .option("temperature", 0);

    assertThat(PROMPT.messages()).containsExactly(Message.user("Score the risk"));
    assertThat(PROMPT.toolNames()).isEmpty();
    assertThat(PROMPT.tokenLimit()).isEmpty();
    assertThat(PROMPT.replySchema()).isEmpty();
    assertThat(PROMPT.options()).isEmpty();
  }

  @Test
  void keepsAPayloadAsItIs() {
    Payload payload = Payload.of(new Risk(3));

    Part data = PROMPT.data("risk", payload).messages().get(0).parts().get(1);

    assertThat(data).isEqualTo(new Part.Data("risk", payload, ""));
  }

  @Test
  void becomesARequest() {
    var tool = new ToolSpec("search", "Finds", Schema.of(Risk.class));

    ChatRequest request =
        PROMPT
            .tools("search")
            .maxTokens(77)
            .reply(Risk.class)
            .option("temperature", 0)
            .toRequest("vendor/model", List.of(tool));

    assertThat(request.model()).isEqualTo("vendor/model");
    assertThat(request.messages()).isEqualTo(PROMPT.messages());
    assertThat(request.tools()).containsExactly(tool);
    assertThat(request.maxTokens()).isEqualTo(77);
    assertThat(request.replySchema()).isEqualTo(Schema.of(Risk.class));
    assertThat(request.options()).containsEntry("temperature", Payload.of(0));
  }

  @Test
  void leavesTheTokenLimitToTheRequestIfItHasNone() {
    assertThat(PROMPT.toRequest("m", List.of()).maxTokens())
        .isEqualTo(ChatRequest.DEFAULT_MAX_TOKENS);
  }

  @Test
  void refusesATokenLimitBelowOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PROMPT.maxTokens(0))
        .withMessage("maxTokens must be >= 1 but was 0");
  }

  @Test
  void keepsItsContentOutOfItsText() {
    assertThat(PROMPT.data("iban", "NO93").system("secret rule").reply(Risk.class))
        .hasToString("Prompt[data=1, tools=[], reply=Risk]");
  }

  record Risk(int score) {}
}
