// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything a client was configured with, but its key. Immutable and thread safe. */
record Config(
    Endpoint endpoint,
    Dialect dialect,
    String model,
    List<String> fallbackModels,
    ProviderRouting routing,
    Attribution attribution,
    Streaming streaming,
    StructuredOutput structuredOutput,
    TokenLimit tokenLimit,
    Map<String, Payload> options,
    @Nullable ModelPricing pricing,
    DeltaListener deltas,
    Duration connectTimeout,
    Duration idleTimeout) {
  Config {
    fallbackModels = List.copyOf(fallbackModels);
    options = Map.copyOf(options);
  }
}
