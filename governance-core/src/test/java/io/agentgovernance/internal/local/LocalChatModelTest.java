// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.internal.roles.Criteria;
import io.agentgovernance.internal.roles.Solution;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.ToolSpec;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalChatModelTest {
  private static final String OBJECTIVE = "Design a caching strategy for 10k reads/s";
  private static final Prompt PROMPT = Prompt.user("Answer").data("objective", OBJECTIVE);

  private final LocalChatModel model = new LocalChatModel("local");
  private final TestExchange exchange = new TestExchange();

  @Test
  void equalRequestsGetEqualBytes() throws Exception {
    Prompt prompt = PROMPT.document("notes.md", "Reads must stay below 40 ms.");

    ChatReply first = ask(prompt.reply(Solution.class));
    ChatReply second = ask(prompt.reply(Solution.class));

    assertThat(second).isEqualTo(first);
    assertThat(
            new LocalChatModel("local")
                .chat(prompt.reply(Solution.class).toRequest("x", List.of()), exchange))
        .isEqualTo(first);
  }

  @Test
  void theOrderOfKeysInDataMakesNoDifference() throws Exception {
    Prompt one = PROMPT.data("criteria", Payload.json("{\"a\":\"fast\",\"b\":\"cheap\"}"));
    Prompt other = PROMPT.data("criteria", Payload.json("{\"b\":\"cheap\",\"a\":\"fast\"}"));

    assertThat(ask(one.reply(Solution.class))).isEqualTo(ask(other.reply(Solution.class)));
  }

  @Test
  void otherDocumentsGiveAnotherSolution() throws Exception {
    Prompt redis = PROMPT.document("notes.md", "The team must keep using Redis 7.");
    Prompt caffeine =
        PROMPT.document("notes.md", "Nothing but Caffeine is allowed in the process.");

    String first = body(redis);
    String second = body(caffeine);

    assertThat(first).contains("Redis").doesNotContain("Caffeine");
    assertThat(second).contains("Caffeine").doesNotContain("Redis");
  }

  @Test
  void anotherObjectiveGivesAnotherSolution() throws Exception {
    assertThat(body(Prompt.user("Answer").data("objective", "Plan a move to a new office")))
        .contains("new office")
        .doesNotContain("caching");
  }

  @Test
  void saysWhatItIsInEveryShapeOfReply() throws Exception {
    assertThat(ask(PROMPT).text()).startsWith("local stand-in: ");
    assertThat(body(PROMPT)).contains("local stand-in: ");
    assertThat(ask(PROMPT.reply(Note.class)).text()).contains("local stand-in: ");
  }

  @Test
  void countsFourBytesAsATokenAndCostsNothing() throws Exception {
    var request = PROMPT.toRequest("x", List.of());

    ChatReply reply = model.chat(request, exchange);

    int bytes = reply.text().getBytes(StandardCharsets.UTF_8).length;
    assertThat(reply.usage().completionTokens()).isEqualTo((bytes + 3) / 4);
    assertThat(reply.usage().promptTokens()).isEqualTo((request.promptBytes() + 3) / 4);
    assertThat(reply.usage().costUsd()).isEqualByComparingTo(BigDecimal.ZERO);
    assertThat(model.pricing("any")).contains(ModelPricing.FREE);
  }

  @Test
  void streamsItsTextInSeveralDeltas() throws Exception {
    ChatReply reply = ask(PROMPT);

    assertThat(exchange.deltas).hasSizeGreaterThan(2);
    assertThat(String.join("", exchange.deltas)).isEqualTo(reply.text());
  }

  @Test
  void neverCutsACharacterBetweenDeltas() throws Exception {
    ask(Prompt.user("Answer").data("objective", "🙂🚀 ".repeat(200)));

    assertThat(exchange.deltas)
        .noneMatch(delta -> Character.isLowSurrogate(delta.charAt(0)))
        .noneMatch(delta -> Character.isHighSurrogate(delta.charAt(delta.length() - 1)));
  }

  @Test
  void stopsAtTheNextDeltaWhenAborted() {
    exchange.abortAfter = 2;

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ask(PROMPT))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.ABORTED));
    assertThat(exchange.deltas).hasSize(2);
  }

  @Test
  void doesNotBeginWhenAlreadyAborted() {
    exchange.abortAfter = 0;

    assertThatExceptionOfType(ModelException.class).isThrownBy(() -> ask(PROMPT));
    assertThat(exchange.deltas).isEmpty();
  }

  @Test
  void stopsWhenInterrupted() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> ask(PROMPT));
  }

  @Test
  void stopsAtTheTokenLimitAndSaysSo() throws Exception {
    ChatReply reply = ask(PROMPT.maxTokens(5));

    assertThat(reply.finish()).isEqualTo(FinishReason.LENGTH);
    assertThat(reply.text()).hasSize(20);
  }

  @Test
  void neverAsksForATool() throws Exception {
    var tool = new ToolSpec("search", "Call me", Schema.of(Note.class));
    Prompt prompt = Prompt.user("Call the tool search").data("objective", OBJECTIVE);

    ChatReply reply = model.chat(prompt.toRequest("x", List.of(tool)), exchange);

    assertThat(reply.toolUses()).isEmpty();
    assertThat(reply.finish()).isEqualTo(FinishReason.STOP);
  }

  @Test
  void takesTheInstructionIfThereIsNoData() throws Exception {
    assertThat(ask(Prompt.user("Name the rivers of Iceland")).text()).contains("rivers of Iceland");
  }

  @Test
  void copesWithHalfASurrogatePairInTheInstruction() throws Exception {
    assertThat(ask(Prompt.user("Name \uD83D rivers").reply(Note.class)).finish())
        .isEqualTo(FinishReason.STOP);
  }

  @Test
  void refusesAPromptWithoutText() {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> ask(Prompt.user(" ").data("objective", "")))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.INVALID_REQUEST));
  }

  @Test
  void usesTheResultsOfToolsAndOtherDataOfTheHost() throws Exception {
    Prompt prompt =
        Prompt.user("Score the risk").data("exposure", Map.of("total", "4.2 million in Norway"));

    assertThat(ask(prompt).text()).contains("4.2 million in Norway");
  }

  @Test
  void aTypeOfTheHostMayHaveTheNameOfARoleReply() throws Exception {
    Schema other =
        Schema.parse(
            """
            {"title":"Solution","type":"object","required":["answer"],
             "properties":{"answer":{"type":"integer","minimum":3}}}
            """);

    Payload reply = Payload.json(ask(PROMPT.reply(other)).text());

    assertThat(other.problems(reply)).isEmpty();
    assertThat(reply.at("/answer")).contains(Payload.of(3));
  }

  @Test
  void ignoresWhatTheAssistantAndSystemSaid() throws Exception {
    Prompt prompt = PROMPT.system("You are a poet").then(Message.assistant("A poem about moss"));

    assertThat(ask(prompt).text()).doesNotContain("moss").doesNotContain("poet");
  }

  @Test
  void criteriaNameThePhrasesAndTheRules() throws Exception {
    Prompt prompt = PROMPT.document("sla.md", "Answers must arrive within 40 ms.");

    var criteria = Payload.json(ask(prompt.reply(Criteria.class)).text()).read(Criteria.class);

    assertThat(criteria.criteria())
        .contains("keeps to \"Answers must arrive within 40 ms.\"", "covers \"caching strategy\"");
  }

  private String body(Prompt prompt) throws Exception {
    return Payload.json(ask(prompt.reply(Solution.class)).text()).read(Solution.class).body();
  }

  private ChatReply ask(Prompt prompt) throws InterruptedException {
    ChatReply reply = model.chat(prompt.toRequest("x", List.of()), exchange);
    assertThat(reply.parts()).hasSize(1).allMatch(Part.Text.class::isInstance);
    return reply;
  }

  record Note(String text) {}
}
