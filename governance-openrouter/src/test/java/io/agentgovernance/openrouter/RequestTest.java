// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.ToolSpec;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;

/** What is sent is what the contract has. */
class RequestTest extends Requested {
  record Loose(double score, Optional<String> remark) {}

  @Test
  void theLeastRequest() throws Exception {
    assertThat(sent(client(), ask().build()))
        .isEqualTo(
            Payload.json(
                "{\"model\":\"vendor/asked\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                    + "\"stream\":true,\"max_completion_tokens\":100}"));
  }

  @Test
  void headersOfAttributionAndKey() throws Exception {
    RecordedRequest request =
        send(
            client()
                .attribution(
                    new Attribution("https://bank.example", "Desk", List.of("cli-agent", "x"))),
            ask().build());

    assertThat(request.getHeaders().get("HTTP-Referer")).isEqualTo("https://bank.example");
    assertThat(request.getHeaders().get("X-OpenRouter-Title")).isEqualTo("Desk");
    assertThat(request.getHeaders().get("X-OpenRouter-Categories")).isEqualTo("cli-agent,x");
    assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer " + TestKeys.KEY);
    assertThat(request.getHeaders().get("Accept")).isEqualTo("text/event-stream");
    assertThat(request.getHeaders().get("Content-Type")).startsWith("application/json");
  }

  @Test
  void toolsTheirCallsAndTheirResults() throws Exception {
    ToolSpec tool =
        new ToolSpec("exposure", "Total exposure", Schema.parse("{\"type\":\"object\"}"));
    Message asked =
        new Message(
            Message.Role.ASSISTANT,
            List.of(
                new Part.ToolUse("c1", "exposure", Payload.json("{\"id\":\"A\"}")),
                new Part.ToolUse("c2", "exposure", Payload.text("{oops"))));
    Message answered =
        Message.results(
            List.of(
                new Part.ToolResult("c1", Payload.json("{\"eur\":7}"), Part.ToolResult.Kind.OK),
                new Part.ToolResult("c2", Payload.text("no such id"), Part.ToolResult.Kind.ERROR)));

    Payload sent = sent(client(), ask().message(asked).message(answered).tool(tool).build());

    assertThat(sent.at("/tools"))
        .contains(
            Payload.json(
                "[{\"type\":\"function\",\"function\":{\"name\":\"exposure\",\"description\":"
                    + "\"Total exposure\",\"parameters\":{\"type\":\"object\"}}}]"));
    assertThat(sent.at("/messages/1"))
        .contains(
            Payload.json(
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":"
                    + "\"function\",\"function\":{\"name\":\"exposure\",\"arguments\":"
                    + "\"{\\\"id\\\":\\\"A\\\"}\"}},{\"id\":\"c2\",\"type\":\"function\",\"function\":"
                    + "{\"name\":\"exposure\",\"arguments\":"
                    + "\"{\\\"invalid_arguments\\\":\\\"{oops\\\"}\"}}]}"));
    assertThat(sent.at("/messages/2"))
        .contains(
            Payload.json(
                "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"{\\\"eur\\\":7}\"}"));
    assertThat(sent.at("/messages/3/content").map(Payload::text)).contains("no such id");
  }

  @Test
  void aSchemaIsClosedAndStrictAndNeedsProvidersThatKnowIt() throws Exception {
    Payload sent = sent(client(), ask().reply(Schema.of(Risk.class)).build());

    assertThat(sent.at("/response_format/type").map(Payload::text)).contains("json_schema");
    assertThat(sent.at("/response_format/json_schema/name").map(Payload::text)).contains("Risk");
    assertThat(sent.at("/response_format/json_schema/strict")).contains(Payload.of(true));
    assertThat(sent.at("/response_format/json_schema/schema/additionalProperties"))
        .contains(Payload.of(false));
    assertThat(sent.at("/provider/require_parameters")).contains(Payload.of(true));
    assertThat(sent.at("/messages/1")).isEmpty();
  }

  @Test
  void aSchemaWithOptionalPropertiesIsNotStrict() throws Exception {
    Payload sent = sent(client(), ask().reply(Schema.of(Loose.class)).build());

    assertThat(sent.at("/response_format/json_schema/strict")).contains(Payload.of(false));
    assertThat(sent.at("/response_format/json_schema/schema"))
        .contains(Payload.json(Schema.of(Loose.class).json()));
  }

  @Test
  void reasoningGoesBackAsItCameAndInOrderToTheModelThatMadeIt() throws Exception {
    String details =
        "[{\"type\":\"reasoning.text\",\"text\":\"Hm \\u00fc\",\"signature\":\"s==\",\"index\":0},"
            + "{\"type\":\"reasoning.encrypted\",\"data\":\"QUJD\",\"id\":\"r1\",\"index\":1.50}]";
    server.enqueue(
        new MockResponse.Builder()
            .body(
                "{\"id\":\"gen-1\",\"model\":\"vendor/asked-20260101\",\"choices\":[{\"index\":0,"
                    + "\"finish_reason\":\"tool_calls\",\"message\":{\"content\":null,"
                    + "\"reasoning\":\"Hm\",\"reasoning_details\":"
                    + details
                    + ",\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":"
                    + "\"f\",\"arguments\":\"{}\"}}]}}]}")
            .build());
    server.enqueue(new MockResponse.Builder().body(REPLY).build());
    server.enqueue(new MockResponse.Builder().body(REPLY).build());
    try (OpenRouterChatModel model = client().build();
        OpenRouterChatModel other = client("vendor/other").build()) {
      ChatReply first = model.chat(ask().build(), new TestExchange());
      List<Message> next = List.of(Message.user("hi"), first.toMessage());
      model.chat(ChatRequest.builder("vendor/asked").messages(next).build(), new TestExchange());
      other.chat(ChatRequest.builder("vendor/other").messages(next).build(), new TestExchange());
    }
    server.takeRequest();

    assertThat(body(server.takeRequest()).at("/messages/1/reasoning_details"))
        .contains(Payload.json(details));
    assertThat(body(server.takeRequest()).at("/messages/1/reasoning_details"))
        .as("another model could not read it")
        .isEmpty();
  }

  @Test
  void fallbackModelsAndRouting() throws Exception {
    Payload sent =
        sent(
            client()
                .fallbackModels(List.of("vendor/b", "vendor/asked", "vendor/c"))
                .routing(
                    ProviderRouting.any()
                        .order("acme", "globex")
                        .withoutFallbacks()
                        .denyDataCollection()
                        .zeroDataRetention()
                        .sort(ProviderRouting.Sort.PRICE)
                        .maxPrice(new BigDecimal("3"), new BigDecimal("15.5"))),
            ask().build());

    assertThat(sent.at("/models"))
        .contains(Payload.json("[\"vendor/asked\",\"vendor/b\",\"vendor/c\"]"));
    assertThat(sent.at("/provider"))
        .contains(
            Payload.json(
                "{\"order\":[\"acme\",\"globex\"],\"allow_fallbacks\":false,\"data_collection\":"
                    + "\"deny\",\"zdr\":true,\"sort\":\"price\",\"max_price\":{\"prompt\":\"3\","
                    + "\"completion\":\"15.5\"}}"));
  }

  @Test
  void optionsOfTheRequestWinOverThoseOfTheClientAndUnknownOnesAreNotSent() throws Exception {
    Payload sent =
        sent(
            client().option("temperature", 0.2).option("seed", 7),
            ask()
                .option("temperature", Payload.of(0.9))
                .option("reasoning", Payload.json("{\"effort\":\"low\"}"))
                .option("colour", Payload.of("blue"))
                .build());

    assertThat(sent.at("/temperature")).contains(Payload.of(0.9));
    assertThat(sent.at("/seed")).contains(Payload.of(7));
    assertThat(sent.at("/reasoning/effort").map(Payload::text)).contains("low");
    assertThat(sent.at("/colour")).isEmpty();
  }
}
