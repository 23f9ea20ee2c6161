// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a value of a schema nobody told the stand-in about, with words out of the sources. */
final class SchemaFiller {
  private static final int MAX_DEPTH = 32;
  private static final Pattern SHORT =
      Pattern.compile("(?i).*(id|key|name|title|subject|topic|label|code|type|kind|tag)s?");

  private static final Map<String, String> FORMATS =
      Map.of(
          "date-time", "1970-01-01T00:00:00Z",
          "date", "1970-01-01",
          "time", "00:00:00Z",
          "duration", "PT0S",
          "uuid", "00000000-0000-0000-0000-000000000000",
          "uri", "about:blank",
          "email", "nobody@example.invalid");

  private final List<String> quotes;
  private final List<String> phrases;
  private int nextQuote;
  private int nextPhrase;

  SchemaFiller(Corpus corpus) {
    quotes = corpus.best(20).stream().map(Passage::quote).toList();
    phrases = corpus.phrases(20);
  }

  Payload fill(Schema schema) {
    return Payload.of(value(Payload.json(schema.json()).read(Object.class), "", 0));
  }

  private @Nullable Object value(@Nullable Object node, String name, int depth) {
    if (!(node instanceof Map<?, ?> schema) || depth > MAX_DEPTH) {
      return text(name, Map.of());
    }
    if (schema.containsKey("const")) {
      return schema.get("const");
    }
    if (schema.get("enum") instanceof List<?> words && !words.isEmpty()) {
      return words.get(0);
    }
    for (String choice : List.of("anyOf", "oneOf", "allOf")) {
      if (schema.get(choice) instanceof List<?> several && !several.isEmpty()) {
        return value(merged(schema, choice, several), name, depth + 1);
      }
    }
    return switch (type(schema)) {
      case "object" -> object(schema, depth);
      case "array" -> array(schema, name, depth);
      case "integer" -> number(schema, true);
      case "number" -> number(schema, false);
      case "boolean" -> false;
      case "null" -> null;
      default -> text(name, schema);
    };
  }

  /** The schema with the keywords of its first alternative, or of all that have to hold. */
  private static Map<Object, @Nullable Object> merged(
      Map<?, ?> schema, String choice, List<?> several) {
    Map<Object, @Nullable Object> merged = new LinkedHashMap<>(schema);
    merged.remove(choice);
    for (Object one : choice.equals("allOf") ? several : several.subList(0, 1)) {
      if (one instanceof Map<?, ?> keywords) {
        keywords.forEach((key, value) -> combine(merged, key, value));
      }
    }
    return merged;
  }

  private static void combine(
      Map<Object, @Nullable Object> into, Object key, @Nullable Object value) {
    if (into.get(key) instanceof Map<?, ?> a && value instanceof Map<?, ?> b) {
      Map<Object, @Nullable Object> both = new LinkedHashMap<>(a);
      both.putAll(b);
      into.put(key, both);
    } else {
      into.put(key, value);
    }
  }

  private static String type(Map<?, ?> schema) {
    Object type = schema.get("type");
    if (type instanceof List<?> several && !several.isEmpty()) {
      type = several.get(0);
    }
    if (type instanceof String one) {
      return one;
    }
    return schema.containsKey("properties") ? "object" : schema.containsKey("items") ? "array" : "";
  }

  private Map<String, @Nullable Object> object(Map<?, ?> schema, int depth) {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
    properties.forEach(
        (name, property) -> object.put((String) name, value(property, (String) name, depth + 1)));
    if (schema.get("required") instanceof List<?> required) {
      for (Object name : required) {
        if (!object.containsKey((String) name)) {
          object.put(
              (String) name, value(schema.get("additionalProperties"), (String) name, depth + 1));
        }
      }
    }
    return object;
  }

  private List<@Nullable Object> array(Map<?, ?> schema, String name, int depth) {
    long least = schema.get("minItems") instanceof Number number ? number.longValue() : 1;
    long most = schema.get("maxItems") instanceof Number number ? number.longValue() : 1_000;
    List<@Nullable Object> items = new ArrayList<>();
    for (long i = 0; i < Math.min(Math.max(1, least), most) && i < 1_000; i++) {
      items.add(value(schema.get("items"), name, depth + 1));
    }
    return items;
  }

  /** Zero, or what is allowed nearest to it. */
  private static BigDecimal number(Map<?, ?> schema, boolean whole) {
    BigDecimal least = limit(schema, "minimum", "exclusiveMinimum", 1, whole);
    BigDecimal most = limit(schema, "maximum", "exclusiveMaximum", -1, whole);
    BigDecimal value = BigDecimal.ZERO;
    if (least != null && least.signum() > 0) {
      value = least;
    } else if (most != null && most.signum() < 0) {
      value = most;
    }
    if (whole) {
      value = value.setScale(0, value.signum() > 0 ? RoundingMode.CEILING : RoundingMode.FLOOR);
    } else if (least != null
        && most != null
        && (value.compareTo(least) < 0 || value.compareTo(most) > 0)) {
      value = least.add(most).divide(BigDecimal.valueOf(2));
    }
    return value;
  }

  private static @Nullable BigDecimal limit(
      Map<?, ?> schema, String inclusive, String exclusive, int inward, boolean whole) {
    BigDecimal limit = decimal(schema.get(inclusive));
    BigDecimal open = decimal(schema.get(exclusive));
    if (open == null) {
      return limit;
    }
    BigDecimal step = whole ? BigDecimal.ONE : new BigDecimal("0.000001");
    BigDecimal inside = open.add(step.multiply(BigDecimal.valueOf(inward)));
    boolean stricter = limit == null || inside.compareTo(limit) * inward > 0;
    return stricter ? inside : limit;
  }

  private static @Nullable BigDecimal decimal(@Nullable Object value) {
    return value instanceof Number number ? new BigDecimal(number.toString()) : null;
  }

  private String text(String name, Map<?, ?> schema) {
    if (schema.get("format") instanceof String format && FORMATS.containsKey(format)) {
      return FORMATS.get(format);
    }
    long least = schema.get("minLength") instanceof Number number ? number.longValue() : 0;
    long most = schema.get("maxLength") instanceof Number number ? number.longValue() : 100_000;
    String text = SHORT.matcher(name).matches() ? phrase() : Drafting.STAND_IN + quote();
    StringBuilder padded = new StringBuilder(text);
    while (padded.codePointCount(0, padded.length()) < Math.min(least, 100_000)) {
      padded.append(padded.length() == 0 ? "-" : " " + text);
    }
    int length = padded.codePointCount(0, padded.length());
    return length <= most
        ? padded.toString()
        : padded.substring(0, padded.offsetByCodePoints(0, (int) most));
  }

  private String quote() {
    return quotes.isEmpty() ? phrase() : quotes.get(nextQuote++ % quotes.size());
  }

  private String phrase() {
    return phrases.isEmpty() ? "nothing to quote" : phrases.get(nextPhrase++ % phrases.size());
  }
}
