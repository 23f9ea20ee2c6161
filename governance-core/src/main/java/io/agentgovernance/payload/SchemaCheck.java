// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import io.agentgovernance.BadInputException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks schemas for their form, and values against schemas. */
final class SchemaCheck {
  private static final int MAX_PROBLEMS = 50;
  private static final Set<String> TYPES =
      Set.of("object", "array", "string", "number", "integer", "boolean", "null");
  private static final Set<String> COUNTS =
      Set.of("minItems", "maxItems", "minLength", "maxLength");
  private static final Set<String> NUMBERS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  private final List<String> problems = new ArrayList<>();

  private SchemaCheck() {}

  static List<String> problems(Map<?, ?> schema, @Nullable Object value) {
    var check = new SchemaCheck();
    check.value(schema, value, "");
    return List.copyOf(check.problems);
  }

  /** Checks the form of the keywords that are used below. */
  static Map<String, @Nullable Object> wellFormed(@Nullable Object schema, String at) {
    if (!(schema instanceof Map<?, ?> keywords)) {
      throw malformed(at, schema, "a schema, which is an object");
    }
    Map<String, @Nullable Object> checked = new LinkedHashMap<>();
    for (var entry : keywords.entrySet()) {
      var keyword = (String) entry.getKey();
      keyword(keyword, entry.getValue(), Types.step(at, keyword));
      checked.put(keyword, entry.getValue());
    }
    return checked;
  }

  private static void keyword(String keyword, @Nullable Object value, String at) {
    switch (keyword) {
      case "type" -> {
        for (var type : value instanceof List<?> several ? several : List.of(present(value, at))) {
          if (!(type instanceof String name && TYPES.contains(name))) {
            throw malformed(
                at, type, "one of array, boolean, integer, null, number, object, string");
          }
        }
      }
      case "required" -> {
        if (!list(value, at).stream().allMatch(String.class::isInstance)) {
          throw malformed(at, value, "an array of names");
        }
      }
      case "properties" -> {
        if (!(value instanceof Map<?, ?> properties)) {
          throw malformed(at, value, "an object of schemas");
        }
        properties.forEach((name, schema) -> wellFormed(schema, Types.step(at, (String) name)));
      }
      case "additionalProperties", "items" -> {
        if (!(value instanceof Boolean)) {
          wellFormed(value, at);
        }
      }
      case "anyOf", "allOf" -> list(value, at).forEach(schema -> wellFormed(schema, at));
      case "enum" -> list(value, at);
      default -> limit(keyword, value, at);
    }
  }

  private static void limit(String keyword, @Nullable Object value, String at) {
    if (COUNTS.contains(keyword) && !(value instanceof Long count && count >= 0)) {
      throw malformed(at, value, "a whole number that is not negative");
    }
    if (NUMBERS.contains(keyword) && !(value instanceof Long || value instanceof BigDecimal)) {
      throw malformed(at, value, "a number");
    }
  }

  private static Object present(@Nullable Object value, String at) {
    if (value == null) {
      throw malformed(at, null, "a value");
    }
    return value;
  }

  private static List<?> list(@Nullable Object value, String at) {
    if (value instanceof List<?> list && (!list.isEmpty() || at.endsWith("/required"))) {
      return list;
    }
    throw malformed(at, value, "an array with at least one item");
  }

  private static BadInputException malformed(String at, @Nullable Object found, String expected) {
    return new BadInputException(
        "schema" + at, ValueReader.kind(found), expected, "Correct the schema at that place");
  }

  private void value(Map<?, ?> schema, @Nullable Object value, String at) {
    if (schema.containsKey("type") && !typeFits(schema.get("type"), value)) {
      problem(at, found(value), types(schema.get("type")));
      return;
    }
    if (schema.get("enum") instanceof List<?> allowed && !allowed.contains(value)) {
      problem(
          at,
          "another value",
          "one of "
              + allowed.stream()
                  .map(one -> CanonicalJson.write(one, CanonicalJson.Keys.SORTED))
                  .collect(Collectors.joining(", ")));
    }
    if (schema.containsKey("const") && !Objects.equals(schema.get("const"), value)) {
      var only = CanonicalJson.write(schema.get("const"), CanonicalJson.Keys.SORTED);
      problem(at, "another value", only);
    }
    combined(schema, value, at);
    if (value instanceof Map<?, ?> object) {
      object(schema, object, at);
    } else if (value instanceof List<?> array) {
      array(schema, array, at);
    } else if (value instanceof String text) {
      int length = text.codePointCount(0, text.length());
      size(schema, "minLength", "maxLength", length, "characters", at);
    } else if (value instanceof Long || value instanceof BigDecimal) {
      number(schema, decimal(value), at);
    }
  }

  private void combined(Map<?, ?> schema, @Nullable Object value, String at) {
    if (schema.get("allOf") instanceof List<?> all) {
      all.forEach(one -> value((Map<?, ?>) one, value, at));
    }
    if (schema.get("anyOf") instanceof List<?> any
        && any.stream().noneMatch(one -> problems((Map<?, ?>) one, value).isEmpty())) {
      problem(at, found(value), "one of " + any.size() + " alternatives");
    }
  }

  private void object(Map<?, ?> schema, Map<?, ?> object, String at) {
    if (schema.get("required") instanceof List<?> required) {
      for (var name : required) {
        if (!object.containsKey(name)) {
          problem(Types.step(at, (String) name), "nothing", "a value, which is required");
        }
      }
    }
    Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> given ? given : Map.of();
    var additional = schema.get("additionalProperties");
    for (var entry : object.entrySet()) {
      var place = Types.step(at, Types.shortened((String) entry.getKey()));
      if (properties.get(entry.getKey()) instanceof Map<?, ?> known) {
        value(known, entry.getValue(), place);
      } else if (Boolean.FALSE.equals(additional)) {
        problem(place, "an unknown property", "one of " + properties.keySet());
      } else if (additional instanceof Map<?, ?> others) {
        value(others, entry.getValue(), place);
      }
    }
  }

  private void array(Map<?, ?> schema, List<?> array, String at) {
    size(schema, "minItems", "maxItems", array.size(), "items", at);
    if (schema.get("items") instanceof Map<?, ?> items) {
      for (int i = 0; i < array.size() && problems.size() < MAX_PROBLEMS; i++) {
        value(items, array.get(i), at + "/" + i);
      }
    }
  }

  private void size(Map<?, ?> schema, String least, String most, int size, String of, String at) {
    if (schema.get(least) instanceof Long limit && size < limit) {
      problem(at, size + " " + of, "at least " + limit);
    }
    if (schema.get(most) instanceof Long limit && size > limit) {
      problem(at, size + " " + of, "at most " + limit);
    }
  }

  private void number(Map<?, ?> schema, BigDecimal number, String at) {
    limit(schema, "minimum", limit -> number.compareTo(limit) >= 0, "at least", at);
    limit(schema, "exclusiveMinimum", limit -> number.compareTo(limit) > 0, "more than", at);
    limit(schema, "maximum", limit -> number.compareTo(limit) <= 0, "at most", at);
    limit(schema, "exclusiveMaximum", limit -> number.compareTo(limit) < 0, "less than", at);
  }

  private void limit(
      Map<?, ?> schema, String keyword, Predicate<BigDecimal> kept, String words, String at) {
    var limit = schema.get(keyword);
    if (limit != null && !kept.test(decimal(limit))) {
      var shown = CanonicalJson.write(limit, CanonicalJson.Keys.SORTED);
      problem(at, "another number", words + " " + shown);
    }
  }

  private static BigDecimal decimal(Object number) {
    return number instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) number;
  }

  private static boolean typeFits(@Nullable Object type, @Nullable Object value) {
    if (type instanceof List<?> several) {
      return several.stream().anyMatch(one -> typeFits(one, value));
    }
    return switch (String.valueOf(type)) {
      case "object" -> value instanceof Map<?, ?>;
      case "array" -> value instanceof List<?>;
      case "string" -> value instanceof String;
      case "boolean" -> value instanceof Boolean;
      case "null" -> value == null;
      case "integer" -> value instanceof Long || (value instanceof BigDecimal d && d.scale() <= 0);
      default -> value instanceof Long || value instanceof BigDecimal;
    };
  }

  private static String types(@Nullable Object type) {
    return type instanceof List<?> several
        ? several.stream().map(String::valueOf).collect(Collectors.joining(" or "))
        : String.valueOf(type);
  }

  private static String found(@Nullable Object value) {
    return value instanceof BigDecimal d && d.scale() > 0
        ? "a number with a fraction"
        : ValueReader.kind(value);
  }

  private void problem(String at, String found, String expected) {
    if (problems.size() < MAX_PROBLEMS) {
      var place = at.isEmpty() ? "the value" : at;
      problems.add("at " + place + ": found " + found + ", expected " + expected);
    }
  }
}
