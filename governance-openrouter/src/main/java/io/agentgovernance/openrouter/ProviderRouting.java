// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which of OpenRouter's providers may serve a model. Immutable and thread safe: each method returns
 * a changed copy. What is not set is OpenRouter's to choose.
 *
 * <pre>{@code
 * ProviderRouting.any().denyDataCollection().order("anthropic", "google-vertex").withoutFallbacks()
 * }</pre>
 */
public final class ProviderRouting {
  private static final Set<String> NAMES =
      new TreeSet<>(
          Set.of(
              "order",
              "allow_fallbacks",
              "require_parameters",
              "data_collection",
              "zdr",
              "enforce_distillable_text",
              "only",
              "ignore",
              "quantizations",
              "sort",
              "preferred_min_throughput",
              "preferred_max_latency",
              "max_price"));
  private static final ProviderRouting ANY = new ProviderRouting(Map.of());
  private static final int MILLION = 6;

  private final Map<String, Object> fields;

  /** By what providers are sorted, instead of OpenRouter's balance of price and uptime. */
  public enum Sort {
    /** The cheapest first. */
    PRICE,
    /** The one with most tokens a second first. */
    THROUGHPUT,
    /** The one that answers soonest first. */
    LATENCY
  }

  private ProviderRouting(Map<String, Object> fields) {
    this.fields = Collections.unmodifiableMap(new TreeMap<>(fields));
  }

  /** Leaves everything to OpenRouter. */
  public static ProviderRouting any() {
    return ANY;
  }

  /**
   * Reads the JSON that OpenRouter's documentation shows for {@code provider}.
   *
   * @throws BadInputException if it is no object, or has fields that OpenRouter does not document
   */
  public static ProviderRouting parse(String json) {
    Payload parsed = Payload.json(json);
    if (!parsed.json().startsWith("{")) {
      throw new BadInputException(
          "provider routing", "no JSON object", "an object", "See docs/openrouter.md");
    }
    Map<String, Object> fields = new TreeMap<>();
    Map<?, ?> read = parsed.read(Map.class);
    read.forEach((name, value) -> fields.put(String.valueOf(name), value));
    for (String name : fields.keySet()) {
      if (!NAMES.contains(name)) {
        throw new BadInputException(
            "provider routing",
            "the field '" + name + "'",
            "one of " + String.join(", ", NAMES),
            "Correct or remove it");
      }
    }
    return new ProviderRouting(fields);
  }

  /** Tries these providers first, in this order. */
  public ProviderRouting order(String... providers) {
    return with("order", List.of(providers));
  }

  /** Uses only these providers. */
  public ProviderRouting only(String... providers) {
    return with("only", List.of(providers));
  }

  /** Never uses these providers. */
  public ProviderRouting ignore(String... providers) {
    return with("ignore", List.of(providers));
  }

  /** Uses only models in these quantizations, such as {@code fp8}. */
  public ProviderRouting quantizations(String... names) {
    return with("quantizations", List.of(names));
  }

  /** Uses no provider but those of {@link #order}. */
  public ProviderRouting withoutFallbacks() {
    return with("allow_fallbacks", false);
  }

  /** Uses only providers that know every option sent; others ignore what they do not know. */
  public ProviderRouting requireParameters() {
    return with("require_parameters", true);
  }

  /** Uses only providers that do not store prompts for longer or train on them. */
  public ProviderRouting denyDataCollection() {
    return with("data_collection", "deny");
  }

  /** Uses only endpoints that keep no data at all. */
  public ProviderRouting zeroDataRetention() {
    return with("zdr", true);
  }

  /** Sorts providers. */
  public ProviderRouting sort(Sort by) {
    return with("sort", requireNonNull(by, "by").name().toLowerCase(Locale.ROOT));
  }

  /**
   * Refuses providers that are dearer, in US dollars per <em>million</em> tokens.
   *
   * @throws IllegalArgumentException if a price is negative
   */
  public ProviderRouting maxPrice(BigDecimal prompt, BigDecimal completion) {
    if (prompt.signum() < 0 || completion.signum() < 0) {
      throw new IllegalArgumentException("prices must not be negative");
    }
    return with(
        "max_price",
        Map.of("prompt", prompt.toPlainString(), "completion", completion.toPlainString()));
  }

  private ProviderRouting with(String name, Object value) {
    Map<String, Object> copy = new TreeMap<>(fields);
    copy.put(name, value);
    return new ProviderRouting(copy);
  }

  Map<String, Object> fields() {
    return fields;
  }

  /** The most that one token may cost, if that is limited. */
  Optional<BigDecimal> maxPricePerToken(String kind) {
    return Payload.of(fields)
        .at("/max_price/" + kind)
        .map(Payload::text)
        .filter(text -> text.matches("[0-9]{1,12}(\\.[0-9]{1,12})?"))
        .map(text -> new BigDecimal(text).movePointLeft(MILLION));
  }

  /** Returns the JSON that is sent. */
  @Override
  public String toString() {
    return Payload.of(fields).json();
  }
}
