// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How {@code openrouter:} is opened. */
class OpenRouterChatModelProviderTest {
  private static final String REPLY =
      "{\"choices\":[{\"message\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}";

  private final OpenRouterChatModelProvider provider = new OpenRouterChatModelProvider();

  private record Context(Map<String, String> settings, Optional<SecretSource> secrets)
      implements ProviderContext {
    @Override
    public TimeSource time() {
      return TimeSource.system();
    }

    @Override
    public ClassLoader classLoader() {
      return Context.class.getClassLoader();
    }
  }

  private ChatModel open(String model, Map<String, String> settings, SecretSource secrets) {
    return provider.open(model, new Context(settings, Optional.of(secrets)));
  }

  private static SecretSource nothing() {
    return SecretSource.environment(Map.of());
  }

  @Test
  void isFoundByItsScheme() {
    assertThat(ServiceLoader.load(ChatModelProvider.class))
        .anyMatch(found -> found.scheme().equals("openrouter"));
  }

  @Test
  void everythingAfterTheColonIsTheModel() {
    try (ChatModel model =
        open(
            "~vendor/family-latest:free",
            Map.of(),
            SecretSource.environment(Map.of("OPENROUTER_API_KEY", TestKeys.KEY)))) {
      assertThat(model.name()).isEqualTo("openrouter:~vendor/family-latest:free");
      assertThat(model.toString()).doesNotContain(TestKeys.KEY);
    }
  }

  @Test
  void noModel() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> open(" ", Map.of(), nothing()))
        .withMessageContaining("openrouter:anthropic/");
  }

  @Test
  void withoutAKeyItSaysWhereToGetOne() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> open("vendor/a", Map.of(), nothing()))
        .withMessageContaining("OPENROUTER_API_KEY")
        .withMessageContaining("https://openrouter.ai/settings/keys")
        .withMessageContaining("local:");
  }

  @Test
  void theKeyOfOpenRouterIsNotSentToAnotherServer() throws Exception {
    SecretSource everything = SecretSource.environment(Map.of("OPENROUTER_API_KEY", TestKeys.KEY));
    try (MockWebServer server = Servers.prompt()) {
      server.start();
      String url = server.url("/v1").toString();
      server.enqueue(new MockResponse.Builder().body(REPLY).build());
      server.enqueue(new MockResponse.Builder().body(REPLY).build());
      try (ChatModel model = open("m", Map.of("openrouter.base-url", url), everything)) {
        model.chat(Judge.REQUEST, new TestExchange());
      }
      assertThat(server.takeRequest().getHeaders().get("Authorization")).isNull();

      // The control: named for this server, it is sent.
      try (ChatModel model =
          open(
              "m",
              Map.of("openrouter.base-url", url, "openrouter.api-key", "env:OPENROUTER_API_KEY"),
              everything)) {
        model.chat(Judge.REQUEST, new TestExchange());
      }
      assertThat(server.takeRequest().getHeaders().get("Authorization")).contains(TestKeys.KEY);
    }
  }

  @Test
  void aKeyThatCannotBeReadDeniesTheCallAndSendsNothing() throws Exception {
    SecretSource broken =
        reference -> {
          throw new SecretUnavailableException(
              SecretUnavailableException.Reason.UNAVAILABLE,
              reference,
              "no answer from Vault",
              "the secret",
              "Look at Vault.");
        };
    try (MockWebServer server = Servers.prompt()) {
      server.start();
      Map<String, String> settings =
          Map.of(
              "openrouter.base-url",
              server.url("/v1").toString(),
              "openrouter.api-key",
              "vault:api-keys/openrouter");
      try (ChatModel model = open("m", settings, broken)) {
        assertThatExceptionOfType(ModelException.class)
            .isThrownBy(() -> model.chat(Judge.REQUEST, new TestExchange()))
            .withMessageContaining("vault:api-keys/openrouter")
            .satisfies(
                e -> assertThat(e.mayHaveCost()).isFalse(),
                e -> assertThat(e.retryable()).isTrue());
      }
      assertThat(server.getRequestCount()).isZero();
    }
  }

  @Test
  void aKeyWithALineBreakWithinIsNoHeader() {
    SecretSource two = reference -> Secret.of("abc\r\nX-Evil: 1");
    try (ChatModel model =
        open("m", Map.of("openrouter.api-key", "vault:api-keys/openrouter"), two)) {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> model.chat(Judge.REQUEST, new TestExchange()))
          .withMessageContaining("characters that no key has")
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Evil"));
    }
  }

  @Test
  void pricesOfASettingAreForAMillionTokens() {
    try (ChatModel model =
        open(
            "m",
            Map.of(
                "openrouter.base-url", "http://localhost:1/v1",
                "openrouter.prompt-price", "2.50",
                "openrouter.completion-price", "10"),
            nothing())) {
      assertThat(model.pricing("m"))
          .contains(new ModelPricing(new BigDecimal("0.00000250"), new BigDecimal("0.000010")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openrouter.baseurl|x|one of openrouter.allow-http",
        "openrouter.base-url|http://llm.bank/v1|openrouter.allow-http",
        "openrouter.api-key|sk-or-v1-0123456789abcdef|no reference",
        "openrouter.stream|yes|true, false",
        "openrouter.dialect|anthropic|openrouter, openai",
        "openrouter.idle-timeout|60s|PT60S",
        "openrouter.idle-timeout|PT0S|a positive duration",
        "openrouter.provider|{\"colour\":1}|the field 'colour'",
        "openrouter.provider|[]|an object",
        "openrouter.prompt-price|3|openrouter.completion-price",
        "openrouter.prompt-price|-3|US dollars",
        "openrouter.title|Büro|ASCII",
        "openrouter.token-limit|none|max-completion-tokens",
      })
  void aSettingThatCannotBeUsedIsNamed(String name, String value, String says) {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(
            () ->
                open(
                    "m",
                    Map.of(name, value),
                    SecretSource.environment(Map.of("OPENROUTER_API_KEY", TestKeys.KEY))))
        .withMessageContaining(says)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("0123456789abcdef"));
  }
}
