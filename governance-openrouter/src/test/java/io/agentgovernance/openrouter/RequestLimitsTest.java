// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.util.List;
import java.util.Map;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not sent, or nowhere. */
class RequestLimitsTest extends Requested {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "temperature|3",
        "temperature|\"warm\"",
        "stop|[\"a\",\"b\",\"c\",\"d\",\"e\"]",
        "reasoning|{\"effort\":\"low\",\"max_tokens\":9}",
        "reasoning|{\"effort\":\"enormous\"}",
        "metadata|{\"a\":1}",
        "models|[]",
        "tool_choice|\"perhaps\"",
        "parallel_tool_calls|1",
        "service_tier|\"gold\"",
      })
  void whatIsOutsideOfTheContractIsRefusedBeforeAnythingIsSent(String name, String value) {
    try (OpenRouterChatModel model = client().build()) {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(
              () -> model.chat(ask().option(name, Payload.json(value)).build(), new TestExchange()))
          .withMessageContaining("option " + name)
          .satisfies(
              e -> assertThat(e.kind()).isEqualTo(ModelException.Kind.INVALID_REQUEST),
              e -> assertThat(e.mayHaveCost()).isFalse());
    }
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void anotherServerIsSentNothingThatOnlyOpenRouterKnows() throws Exception {
    RecordedRequest request =
        send(
            client()
                .dialect(Dialect.OPENAI)
                .fallbackModels(List.of("vendor/b"))
                .attribution(Attribution.of("https://bank.example", "Desk"))
                .routing(ProviderRouting.any().zeroDataRetention()),
            ask()
                .reply(Schema.of(Risk.class))
                .option("session_id", Payload.of("s"))
                .option("seed", Payload.of(7))
                .build());
    Payload sent = body(request);

    Map<?, ?> fields = sent.read(Map.class);
    assertThat(fields.keySet().stream().map(String::valueOf).toList())
        .containsExactlyInAnyOrder(
            "model",
            "messages",
            "stream",
            "stream_options",
            "max_completion_tokens",
            "max_tokens",
            "response_format",
            "seed");
    assertThat(sent.at("/stream_options/include_usage")).contains(Payload.of(true));
    assertThat(sent.at("/messages/0/content").orElseThrow().text())
        .as("many servers only restrict the reply and do not show the schema to the model")
        .contains("JSON Schema", "reasons");
    assertThat(request.getHeaders().get("HTTP-Referer")).isNull();
  }

  @Test
  void plainHttpGoesToThisMachineOnly() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> OpenRouterChatModel.builder("m").baseUrl("http://llm.bank/v1").build())
        .withMessageContaining("openrouter.allow-http");
    for (String host : List.of("localhost", "127.0.0.1", "127.8.9.1", "[::1]")) {
      OpenRouterChatModel.builder("m").baseUrl("http://" + host + ":1/v1").build().close();
    }
    OpenRouterChatModel.builder("m").baseUrl("http://llm.bank/v1").allowPlainHttp().build().close();
  }

  @ParameterizedTest
  @CsvSource({"ftp://x/v1", "https://u:p@x/v1", "https://x/v1?key=1", "https://x/v1#a", "nonsense"})
  void aBaseUrlThatCannotBeUsed(String url) {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> OpenRouterChatModel.builder("m").baseUrl(url).build())
        .withMessageContaining("base URL");
  }
}
