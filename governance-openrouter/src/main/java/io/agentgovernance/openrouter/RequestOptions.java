// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The options of a request that are sent. Strict: a value outside of the contract is refused before
 * anything is sent. Options that are not here are not sent. Stateless.
 */
final class RequestOptions {
  private static final int MAX_STOPS = 4;
  private static final int MAX_PAIRS = 16;
  private static final int MAX_PAIR_KEY = 64;
  private static final int MAX_PAIR_VALUE = 512;
  private static final int MAX_SESSION = 256;
  private static final Pattern EFFORT = Pattern.compile("max|xhigh|high|medium|low|minimal|none");
  private static final Pattern TIER = Pattern.compile("auto|default|fast|flex|priority|scale");
  private static final Pattern TOOL_MODE = Pattern.compile("none|auto|required");

  /** For whom an option is, and what it may be. */
  private record Rule(boolean openRouterOnly, String expected, Predicate<Payload> accepts) {}

  private static final Map<String, Rule> RULES = new TreeMap<>();

  static {
    any("temperature", "a number from 0 to 2", number(0, 2));
    any("top_p", "a number from 0 to 1", number(0, 1));
    any("min_p", "a number from 0 to 1", number(0, 1));
    any("top_k", "an integer of 0 or more", integer(0, Integer.MAX_VALUE));
    any("seed", "an integer", integer(Long.MIN_VALUE, Long.MAX_VALUE));
    any("frequency_penalty", "a number from -2 to 2", number(-2, 2));
    any("presence_penalty", "a number from -2 to 2", number(-2, 2));
    any("repetition_penalty", "a number from 0 to 2", number(0, 2));
    any("stop", "a text or 1 to 4 texts", RequestOptions::isStop);
    any("tool_choice", "none, auto, required or a function", RequestOptions::isToolChoice);
    any("parallel_tool_calls", "true or false", RequestOptions::isBoolean);
    any("reasoning_effort", "one of " + EFFORT, matching(EFFORT));
    any("service_tier", "one of " + TIER, matching(TIER));
    any("user", "a text", Payload::isText);
    any("metadata", "at most 16 texts of 512 characters, keys of 64", RequestOptions::isMetadata);
    openRouter("reasoning", "either effort or max_tokens", RequestOptions::isReasoning);
    openRouter("provider", "an object", RequestOptions::isObject);
    openRouter("models", "a list of model names", value -> texts(value).filled());
    openRouter("session_id", "a text of at most 256 characters", shorter(MAX_SESSION));
    openRouter("trace", "an object", RequestOptions::isObject);
    openRouter("cache_control", "an object", RequestOptions::isObject);
    openRouter("top_a", "a number from 0 to 1", number(0, 1));
  }

  private RequestOptions() {}

  private static void any(String name, String expected, Predicate<Payload> accepts) {
    RULES.put(name, new Rule(false, expected, accepts));
  }

  private static void openRouter(String name, String expected, Predicate<Payload> accepts) {
    RULES.put(name, new Rule(true, expected, accepts));
  }

  static boolean isKnown(String name) {
    return RULES.containsKey(name);
  }

  /**
   * Returns those that are sent to such a server.
   *
   * @throws IllegalArgumentException naming all that are wrong, without their values
   */
  static Map<String, Payload> checked(Map<String, Payload> options, Dialect dialect) {
    Map<String, Payload> sent = new TreeMap<>();
    List<String> problems = new ArrayList<>(0);
    options.forEach(
        (name, value) -> {
          Rule rule = RULES.get(name);
          if (rule == null || value.isEmpty()) {
            return;
          }
          if (!rule.accepts().test(value)) {
            problems.add("option " + name + ": expected " + rule.expected());
          } else if (dialect == Dialect.OPENROUTER || !rule.openRouterOnly()) {
            sent.put(name, value);
          }
        });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return sent;
  }

  private static Predicate<Payload> number(double least, double most) {
    return value -> {
      if (value.isText() || !value.json().matches("-?[0-9].*")) {
        return false;
      }
      double number = Double.parseDouble(value.json());
      return number >= least && number <= most;
    };
  }

  private static Predicate<Payload> integer(long least, long most) {
    return value -> {
      if (!value.json().matches("-?[0-9]{1,18}")) {
        return false;
      }
      long number = Long.parseLong(value.json());
      return number >= least && number <= most;
    };
  }

  private static Predicate<Payload> matching(Pattern pattern) {
    return value -> value.isText() && pattern.matcher(value.text()).matches();
  }

  private static Predicate<Payload> shorter(int limit) {
    return value -> value.isText() && !value.text().isBlank() && value.text().length() <= limit;
  }

  private static boolean isBoolean(Payload value) {
    return value.json().equals("true") || value.json().equals("false");
  }

  private static boolean isObject(Payload value) {
    return value.json().startsWith("{");
  }

  private static boolean isStop(Payload value) {
    if (value.isText()) {
      return !value.text().isEmpty();
    }
    Texts stops = texts(value);
    return stops.filled() && stops.values().size() <= MAX_STOPS;
  }

  private static boolean isToolChoice(Payload value) {
    return matching(TOOL_MODE).test(value)
        || value.at("/function/name").filter(Payload::isText).isPresent();
  }

  /** OpenRouter wants exactly one of them; {@code enabled} and {@code exclude} go with either. */
  private static boolean isReasoning(Payload value) {
    if (!isObject(value)) {
      return false;
    }
    boolean effort = value.at("/effort").isPresent();
    boolean tokens = value.at("/max_tokens").isPresent();
    boolean neither = !effort && !tokens;
    return (effort != tokens || (neither && value.at("/enabled").isPresent()))
        && (!effort || matching(EFFORT).test(value.at("/effort").orElseThrow()))
        && (!tokens || integer(1, Integer.MAX_VALUE).test(value.at("/max_tokens").orElseThrow()));
  }

  private static boolean isMetadata(Payload value) {
    if (!isObject(value)) {
      return false;
    }
    Map<?, ?> pairs = value.read(Map.class);
    return pairs.size() <= MAX_PAIRS
        && pairs.entrySet().stream()
            .allMatch(
                pair ->
                    String.valueOf(pair.getKey()).length() <= MAX_PAIR_KEY
                        && pair.getValue() instanceof String text
                        && text.length() <= MAX_PAIR_VALUE);
  }

  /** Texts of a list; not filled if it is anything else. */
  private record Texts(List<String> values) {
    boolean filled() {
      return !values.isEmpty();
    }
  }

  private static Texts texts(Payload value) {
    if (!value.json().startsWith("[")) {
      return new Texts(List.of());
    }
    List<?> all = value.read(List.class);
    boolean good = all.stream().allMatch(item -> item instanceof String text && !text.isBlank());
    return new Texts(good ? all.stream().map(String::valueOf).toList() : List.of());
  }
}
