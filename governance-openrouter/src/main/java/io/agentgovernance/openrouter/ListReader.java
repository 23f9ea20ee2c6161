// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Usage;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code /models}, {@code /key} and {@code /generation}, tolerantly. Stateless. */
final class ListReader {
  private static final int MAX_MODELS = 100_000;
  private static final int DATE_LENGTH = 10;

  private ListReader() {}

  static List<ModelInfo> models(JsonNode body) {
    List<ModelInfo> models = new ArrayList<>();
    for (JsonNode model : Json.elements(body, "data")) {
      String id = Json.text(model, "id");
      if (id != null && !id.isEmpty() && models.size() < MAX_MODELS) {
        models.add(model(id, model));
      }
    }
    return models;
  }

  private static ModelInfo model(String id, JsonNode model) {
    String name = Json.text(model, "name");
    return new ModelInfo(
        id,
        name == null ? id : name,
        Json.count(model, "context_length"),
        Json.count(Json.at(model, "top_provider"), "max_completion_tokens"),
        Optional.ofNullable(pricing(Json.at(model, "pricing"))),
        Optional.ofNullable(date(Json.text(model, "expiration_date"))),
        Json.texts(model, "supported_parameters", MAX_MODELS));
  }

  /**
   * The most that is asked for, in US dollars per token: prices differ with the length of the
   * prompt and the time of day, and writing to a cache costs more than reading a prompt. Null if
   * there is no price, or a negative one, which is OpenRouter's way to say that it varies.
   */
  static @Nullable ModelPricing pricing(JsonNode pricing) {
    List<JsonNode> all = new ArrayList<>();
    all.add(pricing);
    Json.elements(pricing, "overrides").forEach(all::add);
    BigDecimal prompt = most(all, "prompt", "input_cache_write", "input_cache_write_1h");
    BigDecimal completion = most(all, "completion", "internal_reasoning");
    BigDecimal call = most(all, "request");
    boolean named = Json.has(pricing, "prompt") && Json.has(pricing, "completion");
    if (!named || prompt == null || completion == null || call == null) {
      return null;
    }
    return new ModelPricing(prompt, completion, call);
  }

  /** The highest; zero if there is none; null if one cannot be read or is negative. */
  private static @Nullable BigDecimal most(List<JsonNode> all, String... names) {
    BigDecimal most = BigDecimal.ZERO;
    for (JsonNode prices : all) {
      for (String name : names) {
        if (Json.has(prices, name)) {
          BigDecimal price = UsageReader.notNegative(Json.decimal(prices, name));
          if (price == null) {
            return null;
          }
          most = most.max(price);
        }
      }
    }
    return most;
  }

  private static @Nullable LocalDate date(@Nullable String text) {
    if (text == null || text.length() < DATE_LENGTH) {
      return null;
    }
    try {
      return LocalDate.parse(text.substring(0, DATE_LENGTH));
    } catch (DateTimeException e) {
      return null;
    }
  }

  static KeyInfo key(JsonNode body) {
    JsonNode data = Json.at(body, "data");
    String label = Json.text(data, "label");
    BigDecimal usage = Json.decimal(data, "usage");
    return new KeyInfo(
        label == null ? "" : label,
        Optional.ofNullable(Json.decimal(data, "limit")),
        Optional.ofNullable(Json.decimal(data, "limit_remaining")),
        usage == null ? BigDecimal.ZERO : usage,
        Boolean.TRUE.equals(Json.bool(data, "is_free_tier")),
        Optional.ofNullable(instant(Json.text(data, "expires_at"))));
  }

  private static @Nullable Instant instant(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return java.time.OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      LocalDate day = date(text);
      return day == null ? null : day.atStartOfDay().toInstant(ZoneOffset.UTC);
    }
  }

  /** Null if there is no record in the body. */
  static @Nullable Generation generation(JsonNode body) {
    JsonNode data = Json.at(body, "data");
    String id = Json.text(data, "id");
    BigDecimal cost = UsageReader.notNegative(Json.decimal(data, "total_cost"));
    if (id == null || cost == null) {
      return null;
    }
    if (Boolean.TRUE.equals(Json.bool(data, "is_byok"))) {
      BigDecimal vendor = UsageReader.notNegative(Json.decimal(data, "upstream_inference_cost"));
      cost = vendor == null ? cost : cost.add(vendor);
    }
    long prompt = either(data, "native_tokens_prompt", "tokens_prompt");
    long completion = either(data, "native_tokens_completion", "tokens_completion");
    return new Generation(
        id,
        text(data, "model"),
        text(data, "provider_name"),
        Boolean.TRUE.equals(Json.bool(data, "cancelled")),
        text(data, "finish_reason"),
        new Usage(
            prompt,
            completion,
            Math.min(prompt, Json.count(data, "native_tokens_cached")),
            Math.min(completion, Json.count(data, "native_tokens_reasoning")),
            cost));
  }

  private static long either(JsonNode data, String first, String second) {
    return Json.has(data, first) ? Json.count(data, first) : Json.count(data, second);
  }

  private static String text(JsonNode data, String field) {
    String found = Json.text(data, field);
    return found == null ? "" : found;
  }
}
