// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import io.agentgovernance.BadInputException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns JSON values into Java values. Only types named by the caller are ever made. */
final class ValueReader {
  private static final String ROOT = "payload";

  /** BigInteger would have to hold every digit of 1e10000. */
  private static final int MAX_INTEGER_DIGITS = 1_000;

  private ValueReader() {}

  static Object read(@Nullable Object json, Class<?> type) {
    return read(json, type, "");
  }

  private static Object read(@Nullable Object json, Type type, String at) {
    Class<?> raw = Types.raw(type);
    if (raw == Payload.class) {
      return Payload.ofJson(json);
    }
    if (raw == Optional.class) {
      return json == null ? Optional.empty() : Optional.of(read(json, Types.argument(type, 0), at));
    }
    if (json == null) {
      throw unreadable(at, "no value", name(raw), "Send the value", null);
    }
    if (raw == Object.class) {
      return json;
    }
    if (WireName.class.isAssignableFrom(raw)) {
      return wire(text(json, raw, at), raw, at);
    }
    if (raw.isEnum()) {
      return constant(text(json, raw, at), raw, at);
    }
    if (raw.isRecord()) {
      return object(json, raw, at);
    }
    if (Map.class.isAssignableFrom(raw)) {
      return map(json, type, at);
    }
    if (Iterable.class.isAssignableFrom(raw)) {
      return items(json, type, at);
    }
    return scalar(json, raw, at);
  }

  private static Object scalar(Object json, Class<?> raw, String at) {
    var parser = Types.TEXTS.get(raw);
    if (parser != null) {
      return parsed(text(json, raw, at), parser, raw, at);
    }
    if (raw == String.class || raw == CharSequence.class) {
      return text(json, raw, at);
    }
    if (raw == boolean.class || raw == Boolean.class) {
      if (json instanceof Boolean) {
        return json;
      }
      throw unreadable(at, kind(json), "true or false", "Send a boolean", null);
    }
    if (raw.isPrimitive() || Number.class.isAssignableFrom(raw)) {
      if (json instanceof Long || json instanceof BigDecimal) {
        return number(json, raw, at);
      }
      throw unreadable(at, kind(json), "a number", "Send a number, not a text", null);
    }
    throw new BadInputException(
        "type " + raw.getName(),
        "a type no payload can be read as",
        "a record, enum, Map, List, Set, Optional, text, number, boolean or java.time value",
        "Describe the value by a record");
  }

  private static Object number(Object json, Class<?> raw, String at) {
    var decimal = json instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) json;
    try {
      if (raw == long.class || raw == Long.class) {
        return decimal.longValueExact();
      }
      if (raw == int.class || raw == Integer.class) {
        return decimal.intValueExact();
      }
      if (raw == short.class || raw == Short.class) {
        return decimal.shortValueExact();
      }
      if (raw == byte.class || raw == Byte.class) {
        return decimal.byteValueExact();
      }
      if (raw == BigInteger.class) {
        if ((long) decimal.precision() - decimal.scale() > MAX_INTEGER_DIGITS) {
          throw new ArithmeticException("too many digits");
        }
        return decimal.toBigIntegerExact();
      }
    } catch (ArithmeticException e) {
      throw unreadable(
          at, "a number that does not fit", name(raw), "Send a whole number in its range", e);
    }
    if (raw == BigDecimal.class || raw == Number.class) {
      return raw == Number.class ? json : decimal;
    }
    if (raw == double.class || raw == Double.class) {
      return finite(decimal.doubleValue(), decimal.doubleValue(), at);
    }
    if (raw == float.class || raw == Float.class) {
      return finite(decimal.floatValue(), decimal.floatValue(), at);
    }
    throw unreadable(at, "a number", name(raw), "Read it as one of Java's usual numbers", null);
  }

  private static Object finite(Number value, double size, String at) {
    if (!Double.isFinite(size)) {
      throw unreadable(
          at, "a number that is too large", "a floating point number", "Read a BigDecimal", null);
    }
    return value;
  }

  private static Object object(Object json, Class<?> raw, String at) {
    if (!(json instanceof Map<?, ?> map)) {
      throw unreadable(at, kind(json), "an object for " + name(raw), "Send an object", null);
    }
    var shape = Types.record(raw);
    var parts = new @Nullable Object[shape.components().size()];
    for (int i = 0; i < parts.length; i++) {
      var component = shape.components().get(i);
      var part = map.get(component.name());
      boolean absent =
          part == null && component.optional() && Types.raw(component.type()) != Optional.class;
      parts[i] = absent ? null : read(part, component.type(), Types.step(at, component.name()));
    }
    try {
      return Objects.requireNonNull(shape.make().invoke(parts));
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw unreadable(
          at,
          "components refused by the record with " + e.getClass().getSimpleName(),
          "a valid " + name(raw),
          "Send values that the record's constructor accepts",
          e);
    }
  }

  private static Object map(Object json, Type type, String at) {
    if (!(json instanceof Map<?, ?> given)) {
      throw unreadable(at, kind(json), "an object", "Send an object", null);
    }
    if (!Types.raw(type).isAssignableFrom(LinkedHashMap.class)) {
      throw unreadable(at, "an object", name(Types.raw(type)), "Ask for Map", null);
    }
    var keyType = Types.argument(type, 0);
    var valueType = Types.argument(type, 1);
    if (valueType == Object.class && (keyType == Object.class || keyType == String.class)) {
      return given;
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    for (var entry : given.entrySet()) {
      var key = (String) entry.getKey();
      var place = Types.step(at, key);
      map.put(key(key, keyType, place), read(entry.getValue(), valueType, place));
    }
    return Collections.unmodifiableMap(map);
  }

  private static Object key(String key, Type type, String at) {
    Class<?> raw = Types.raw(type);
    if (raw == Integer.class || raw == Long.class) {
      return parsed(key, raw == Integer.class ? Integer::valueOf : Long::valueOf, raw, at);
    }
    return raw == Object.class ? key : read(key, raw, at);
  }

  private static Object items(Object json, Type type, String at) {
    if (!(json instanceof List<?> given)) {
      throw unreadable(at, kind(json), "an array", "Send an array", null);
    }
    Class<?> raw = Types.raw(type);
    var itemType = Types.argument(type, 0);
    if (itemType == Object.class && raw.isAssignableFrom(List.class)) {
      return given;
    }
    Collection<Object> items = raw == Set.class ? new LinkedHashSet<>() : new ArrayList<>();
    if (!raw.isInstance(items)) {
      throw unreadable(at, "an array", name(raw), "Ask for List or Set", null);
    }
    int index = 0;
    for (var item : given) {
      items.add(read(item, itemType, at + "/" + index++));
    }
    return items instanceof List<Object> list
        ? Collections.unmodifiableList(list)
        : Collections.unmodifiableSet((Set<Object>) items);
  }

  private static Object wire(String word, Class<?> raw, String at) {
    try {
      return Objects.requireNonNull(Types.wireReader(raw).invoke(null, word));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof BadInputException bad) {
        throw unreadable(at, bad.found(), bad.expected(), bad.advice(), bad);
      }
      throw unreadable(at, "a text", name(raw), "Send one of its values", e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("made accessible before", e);
    }
  }

  private static Object constant(String word, Class<?> raw, String at) {
    for (var constant : Types.constants(raw)) {
      if (constant.name().equals(word)) {
        return constant;
      }
    }
    var names =
        Arrays.stream(Types.constants(raw)).map(Enum::name).collect(Collectors.joining(", "));
    throw unreadable(at, "another text", "one of " + names, "Send one of them", null);
  }

  private static Object parsed(String text, Function<String, ?> parser, Class<?> raw, String at) {
    try {
      return Objects.requireNonNull(parser.apply(text));
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw unreadable(
          at,
          "another text",
          "the text form of " + name(raw),
          "Send its ISO-8601 or usual form",
          e);
    }
  }

  private static String text(Object json, Class<?> raw, String at) {
    if (json instanceof String text) {
      return text;
    }
    throw unreadable(at, kind(json), "a text for " + name(raw), "Send a text", null);
  }

  /** What a JSON value is, in words that give nothing of it away. */
  static String kind(@Nullable Object json) {
    if (json == null) {
      return "null";
    }
    if (json instanceof String) {
      return "a text";
    }
    if (json instanceof Boolean) {
      return "a boolean";
    }
    if (json instanceof List<?>) {
      return "an array";
    }
    return json instanceof Map<?, ?> ? "an object" : "a number";
  }

  private static String name(Class<?> type) {
    return type.getSimpleName();
  }

  private static UnreadablePayloadException unreadable(
      String at, String found, String expected, String advice, @Nullable Throwable cause) {
    return new UnreadablePayloadException(ROOT + at, found, expected, advice, cause);
  }
}
