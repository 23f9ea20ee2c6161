// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ModelPricing;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The settings whose names begin with {@code openrouter.}: read strictly. */
final class ProviderSettings {
  static final String PREFIX = "openrouter.";
  static final String BASE_URL = PREFIX + "base-url";
  static final String API_KEY = PREFIX + "api-key";
  private static final String ALLOW_HTTP = PREFIX + "allow-http";
  private static final String STREAM = PREFIX + "stream";
  private static final String DIALECT = PREFIX + "dialect";
  private static final String FALLBACKS = PREFIX + "fallback-models";
  private static final String PROVIDER = PREFIX + "provider";
  private static final String REFERER = PREFIX + "referer";
  private static final String TITLE = PREFIX + "title";
  private static final String CATEGORIES = PREFIX + "categories";
  private static final String STRUCTURED = PREFIX + "structured-output";
  private static final String TOKEN_LIMIT = PREFIX + "token-limit";
  private static final String PROMPT_PRICE = PREFIX + "prompt-price";
  private static final String COMPLETION_PRICE = PREFIX + "completion-price";
  private static final String CONNECT = PREFIX + "connect-timeout";
  private static final String IDLE = PREFIX + "idle-timeout";
  private static final int MILLION = 6;

  private static final Set<String> NAMES =
      new TreeSet<>(
          List.of(
              BASE_URL,
              API_KEY,
              ALLOW_HTTP,
              STREAM,
              DIALECT,
              FALLBACKS,
              PROVIDER,
              REFERER,
              TITLE,
              CATEGORIES,
              STRUCTURED,
              TOKEN_LIMIT,
              PROMPT_PRICE,
              COMPLETION_PRICE,
              CONNECT,
              IDLE));

  private final Map<String, String> settings;

  ProviderSettings(Map<String, String> settings) {
    this.settings = settings;
    for (String name : settings.keySet()) {
      if (name.startsWith(PREFIX) && !NAMES.contains(name)) {
        throw new BadInputException(
            "provider setting",
            "'" + name + "'",
            "one of " + String.join(", ", NAMES),
            "Correct or remove it");
      }
    }
  }

  Optional<String> baseUrl() {
    return Optional.ofNullable(settings.get(BASE_URL));
  }

  Optional<String> apiKey() {
    return Optional.ofNullable(settings.get(API_KEY));
  }

  void configure(OpenRouterChatModelBuilder builder) {
    builder.baseUrlName(BASE_URL);
    baseUrl().ifPresent(builder::baseUrl);
    if (choice(ALLOW_HTTP, ProviderSettings::yesOrNo, "true, false").orElse(false)) {
      builder.allowPlainHttp();
    }
    choice(STREAM, ProviderSettings::yesOrNo, "true, false")
        .ifPresent(on -> builder.streaming(on ? Streaming.ON : Streaming.OFF));
    constant(DIALECT, Dialect.class).ifPresent(builder::dialect);
    constant(STRUCTURED, StructuredOutput.class).ifPresent(builder::structuredOutput);
    constant(TOKEN_LIMIT, TokenLimit.class).ifPresent(builder::tokenLimit);
    list(FALLBACKS).ifPresent(builder::fallbackModels);
    Optional.ofNullable(settings.get(PROVIDER))
        .map(ProviderRouting::parse)
        .ifPresent(builder::routing);
    builder.attribution(
        new Attribution(
            settings.getOrDefault(REFERER, ""),
            settings.getOrDefault(TITLE, ""),
            list(CATEGORIES).orElse(List.of())));
    choice(CONNECT, Duration::parse, "such as PT10S").ifPresent(builder::connectTimeout);
    choice(IDLE, Duration::parse, "such as PT60S").ifPresent(builder::idleTimeout);
    prices().ifPresent(builder::pricing);
  }

  private Optional<ModelPricing> prices() {
    Optional<BigDecimal> prompt = price(PROMPT_PRICE);
    Optional<BigDecimal> completion = price(COMPLETION_PRICE);
    if (prompt.isPresent() != completion.isPresent()) {
      throw new BadInputException(
          prompt.isPresent() ? COMPLETION_PRICE : PROMPT_PRICE,
          "nothing",
          "a price, because the other one is set",
          "Set both or none of them");
    }
    return prompt.map(price -> new ModelPricing(price, completion.orElseThrow()));
  }

  private Optional<BigDecimal> price(String name) {
    return choice(
        name,
        text -> {
          BigDecimal price = new BigDecimal(text);
          if (price.signum() < 0 || price.precision() > 20 || Math.abs(price.scale()) > 20) {
            throw new IllegalArgumentException("price");
          }
          return price.movePointLeft(MILLION);
        },
        "US dollars for a million tokens, such as 2.50");
  }

  private Optional<List<String>> list(String name) {
    return Optional.ofNullable(settings.get(name))
        .map(
            text ->
                Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .toList());
  }

  private <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
    return choice(
        name,
        text -> Enum.valueOf(type, text.strip().replace('-', '_').toUpperCase(Locale.ROOT)),
        String.join(
            ", ",
            Arrays.stream(type.getEnumConstants())
                .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList()));
  }

  private static boolean yesOrNo(String text) {
    if (text.equals("true")) {
      return true;
    } else if (text.equals("false")) {
      return false;
    }
    throw new IllegalArgumentException("neither");
  }

  private <T> Optional<T> choice(String name, Function<String, T> read, String expected) {
    String text = settings.get(name);
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(read.apply(text));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new BadInputException(
          "provider setting " + name, "something else", expected, "Correct or remove it", e);
    }
  }
}
