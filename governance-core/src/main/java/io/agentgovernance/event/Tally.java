// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

import io.agentgovernance.core.AgentPhase;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sums that grow. Guarded by the lock of its {@link MetricsCollector}. */
final class Tally {
  /** A host's own types are counted by name as far as this goes, then together. */
  static final int MAX_TYPES = 256;

  static final String OTHER = "other";

  private final Map<String, Long> events = new HashMap<>();
  private final Map<AgentPhase, Duration> phases = new EnumMap<>(AgentPhase.class);
  private long modelCalls;
  private long promptTokens;
  private long completionTokens;
  private BigDecimal cost = BigDecimal.ZERO;
  private long errors;
  private long denials;

  void add(String type, Map<?, ?> data) {
    boolean known = events.containsKey(type) || events.size() < MAX_TYPES;
    events.merge(known ? type : OTHER, 1L, Long::sum);
    switch (type) {
      case EventTypes.USAGE -> {
        modelCalls++;
        promptTokens += whole(data.get("prompt_tokens"));
        completionTokens += whole(data.get("completion_tokens"));
        cost = cost.add(decimal(data.get("cost")));
      }
      case EventTypes.ERROR_RECORDED -> errors++;
      case EventTypes.ACTION_DENIED -> denials++;
      default -> {}
    }
  }

  void add(AgentPhase phase, Duration spent) {
    phases.merge(phase, spent, Duration::plus);
  }

  MetricsSnapshot.Figures figures() {
    return new MetricsSnapshot.Figures(
        events, phases, modelCalls, promptTokens, completionTokens, cost, errors, denials);
  }

  /** An announcement is not a contract: what is no number there counts as nothing. */
  private static long whole(@Nullable Object value) {
    return value instanceof Long number ? number : 0;
  }

  private static BigDecimal decimal(@Nullable Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    return BigDecimal.valueOf(whole(value));
  }
}
