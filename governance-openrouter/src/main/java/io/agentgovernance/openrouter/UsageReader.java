// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentgovernance.model.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Reads what a call consumed. Stateless. */
final class UsageReader {
  private UsageReader() {}

  /** Reads {@code usage} of a reply or of a chunk; null if there is none. */
  static @Nullable Usage of(JsonNode parent) {
    JsonNode usage = Json.at(parent, "usage");
    if (!usage.isObject() || usage.isEmpty()) {
      return null;
    }
    long prompt = Json.count(usage, "prompt_tokens");
    long completion = Json.count(usage, "completion_tokens");
    long cached = Json.count(Json.at(usage, "prompt_tokens_details"), "cached_tokens");
    long reasoning = Json.count(Json.at(usage, "completion_tokens_details"), "reasoning_tokens");
    return new Usage(
        prompt, completion, Math.min(cached, prompt), Math.min(reasoning, completion), cost(usage));
  }

  /** With one's own key at the vendor, the vendor's bill comes on top of OpenRouter's fee. */
  private static @Nullable BigDecimal cost(JsonNode usage) {
    BigDecimal cost = notNegative(Json.decimal(usage, "cost"));
    if (!Boolean.TRUE.equals(Json.bool(usage, "is_byok"))) {
      return cost;
    }
    BigDecimal vendor =
        notNegative(Json.decimal(Json.at(usage, "cost_details"), "upstream_inference_cost"));
    if (cost == null) {
      return vendor;
    }
    return vendor == null ? cost : cost.add(vendor);
  }

  static @Nullable BigDecimal notNegative(@Nullable BigDecimal value) {
    return value == null || value.signum() < 0 ? null : value;
  }
}
