// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Usage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models, prices, the key and records of replies. */
class QueriesTest {
  private static final String MODELS =
      """
      {"data":[
       {"id":"vendor/a","canonical_slug":"vendor/a-1","name":"A","context_length":200000,
        "pricing":{"prompt":"0.000003","completion":"0.000015","request":"0","image":"0.0048",
          "input_cache_read":"0.0000003","input_cache_write":"0.00000375","discount":0},
        "top_provider":{"context_length":200000,"max_completion_tokens":64000,"is_moderated":true},
        "supported_parameters":["tools","structured_outputs"],"expiration_date":"2026-12-01",
        "future":{"x":1}},
       {"id":"vendor/b","pricing":{"prompt":"0.00000125","completion":"0.00001","request":"0.005",
          "overrides":[{"min_prompt_tokens":200000,"prompt":"0.0000025","completion":"0.00002"}]},
        "expiration_date":null,"context_length":null,"top_provider":null},
       {"id":"vendor/a:free","pricing":{"prompt":"0","completion":"0"}},
       {"id":"openrouter/auto","pricing":{"prompt":"-1","completion":"-1"}},
       {"id":"vendor/c","pricing":{"prompt":"1e999999999","completion":"0"}},
       {"id":"vendor/d"},{"name":"without id"},7,null]}
      """;

  private MockWebServer server;
  private OpenRouterChatModel model;

  @BeforeEach
  void start() throws Exception {
    server = Servers.prompt();
    server.start();
    model = client().build();
  }

  private OpenRouterChatModelBuilder client() {
    return OpenRouterChatModel.builder("vendor/a")
        .baseUrl(server.url("/api/v1").toString())
        .dialect(Dialect.OPENROUTER)
        .key(TestKeys.SOURCE, "env:OPENROUTER_API_KEY");
  }

  @AfterEach
  void stop() {
    model.close();
    server.close();
  }

  private void answer(int status, String body) {
    server.enqueue(new MockResponse.Builder().code(status).body(body).build());
  }

  private static ModelPricing price(String prompt, String completion, String call) {
    return new ModelPricing(
        new BigDecimal(prompt), new BigDecimal(completion), new BigDecimal(call));
  }

  @Test
  void modelsWithExactPricesAndExpiry() throws Exception {
    answer(200, MODELS);

    List<ModelInfo> models = model.models();

    assertThat(server.takeRequest().getUrl().encodedPath()).isEqualTo("/api/v1/models");
    assertThat(models).extracting(ModelInfo::id).hasSize(6).contains("vendor/d");
    ModelInfo a = models.get(0);
    assertThat(a.expirationDate()).contains(LocalDate.of(2026, 12, 1));
    assertThat(a.contextLength()).isEqualTo(200_000);
    assertThat(a.maxCompletionTokens()).isEqualTo(64_000);
    assertThat(a.pricing())
        .as("writing to a cache is dearer")
        .contains(price("0.00000375", "0.000015", "0"));
    assertThat(models.get(1).pricing())
        .as("the dearest tier, and a price per call")
        .contains(price("0.0000025", "0.00002", "0.005"));
    assertThat(models.subList(3, 6)).allMatch(unknown -> unknown.pricing().isEmpty());
  }

  @Test
  void aPriceIsReadOnceAndIsThatOfTheDearestFallback() {
    answer(200, MODELS);
    assertThat(model.pricing("vendor/a").orElseThrow().cost(1_000_000, 0))
        .isEqualByComparingTo("3.75");
    assertThat(model.pricing("a label")).isEqualTo(model.pricing("vendor/a"));
    assertThat(server.getRequestCount()).isEqualTo(1);

    answer(200, MODELS);
    try (OpenRouterChatModel both = client().fallbackModels(List.of("vendor/b")).build()) {
      assertThat(both.pricing("vendor/a")).contains(price("0.00000375", "0.00002", "0.005"));
    }
  }

  @Test
  void variantsAreFreeIfTheListSaysSoAndElsePricedAsTheModel() {
    answer(200, MODELS);
    answer(200, MODELS);
    answer(200, MODELS);
    assertThat(priceOf("vendor/a:free").orElseThrow().cost(9, 9)).isZero();
    assertThat(priceOf("vendor/a:nitro")).contains(price("0.00000375", "0.000015", "0"));
    assertThat(priceOf("vendor/unknown")).isEmpty();
  }

  private Optional<ModelPricing> priceOf(String name) {
    try (OpenRouterChatModel one =
        OpenRouterChatModel.builder(name)
            .baseUrl(server.url("/api/v1").toString())
            .dialect(Dialect.OPENROUTER)
            .build()) {
      return one.pricing(name);
    }
  }

  @Test
  void aListThatCannotBeReadLeavesPricesUnknownAndIsNotAskedForAgainAtOnce() {
    answer(500, "{}");

    assertThat(model.pricing("vendor/a")).isEmpty();
    assertThat(model.pricing("vendor/a")).isEmpty();
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  @Test
  void withoutAListTheHighestPriceAllowedIsTheBound() {
    answer(404, "{}");
    try (OpenRouterChatModel limited =
        client()
            .routing(ProviderRouting.any().maxPrice(new BigDecimal("3"), new BigDecimal("15")))
            .build()) {
      assertThat(limited.pricing("vendor/a")).contains(price("0.000003", "0.000015", "0"));
    }
  }

  @Test
  void configuredPricesAskNobody() {
    try (OpenRouterChatModel configured = client().pricing(price("1", "2", "3")).build()) {
      assertThat(configured.pricing("any")).contains(price("1", "2", "3"));
    }
    assertThat(server.getRequestCount()).isZero();
  }

  @Test
  void theKey() throws Exception {
    answer(
        200,
        "{\"data\":{\"label\":\"sk-or-v1-abc…xyz\",\"limit\":20,\"limit_remaining\":12.5,\"usage\":"
            + "7.5,\"is_free_tier\":false,\"expires_at\":null,\"rate_limit\":{}}}");

    KeyInfo key = model.key();

    assertThat(key.limitRemaining().orElseThrow()).isEqualByComparingTo("12.5");
    assertThat(key.usage()).isEqualByComparingTo("7.5");
    assertThat(key.expiresAt()).isEmpty();
    assertThat(key.toString()).doesNotContain("sk-or");
  }

  @Test
  void aRecordOfAReply() throws Exception {
    answer(404, "{\"error\":{\"code\":404,\"message\":\"Generation not found\"}}");
    answer(
        200,
        "{\"data\":{\"id\":\"gen-1\",\"model\":\"vendor/a\",\"provider_name\":\"P\",\"cancelled\":"
            + "true,\"finish_reason\":null,\"tokens_prompt\":9,\"tokens_completion\":4,"
            + "\"native_tokens_prompt\":11,\"native_tokens_completion\":7,\"total_cost\":0.00021}}");

    assertThat(model.usageOf("gen-1")).as("404 means: not yet").isEmpty();
    assertThat(model.usageOf("gen-1")).contains(new Usage(11, 7, 0, 0, new BigDecimal("0.00021")));
    RecordedRequest request = server.takeRequest();
    assertThat(request.getUrl().encodedPath()).isEqualTo("/api/v1/generation");
    assertThat(request.getUrl().queryParameter("id")).isEqualTo("gen-1");
  }

  @Test
  void aKeyThatIsNotAcceptedSaysWhatToDo() {
    answer(401, "{\"error\":{\"code\":401,\"message\":\"No auth credentials found\"}}");

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> model.key())
        .withMessageContaining("the variable OPENROUTER_API_KEY")
        .withMessageContaining("https://openrouter.ai/settings/keys");
  }
}
