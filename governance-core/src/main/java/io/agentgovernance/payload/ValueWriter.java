// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import io.agentgovernance.BadInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns Java values into the values {@link CanonicalJson} writes; copies whatever could change. */
final class ValueWriter {
  private static final String ROOT = "payload";
  private static final String KINDS =
      "a record, Map, collection, array of objects, text, number, boolean, enum, java.time value,"
          + " UUID, URI, Optional or Payload";

  private ValueWriter() {}

  static @Nullable Object json(@Nullable Object value) {
    return json(value, "", 0);
  }

  private static @Nullable Object json(@Nullable Object value, String at, int depth) {
    if (value == null || value instanceof Boolean || value instanceof Long) {
      return value;
    }
    if (value instanceof CharSequence || value instanceof Character) {
      return text(value.toString(), at);
    }
    if (value instanceof Number number) {
      return number(number, at);
    }
    if (value instanceof Payload payload) {
      return payload.value();
    }
    if (value instanceof WireName named) {
      return text(named.wireName(), at);
    }
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    if (value instanceof Optional<?> optional) {
      return json(optional.orElse(null), at, depth);
    }
    if (Types.TEXTS.containsKey(value.getClass())) {
      return value.toString();
    }
    return composite(value, at, depth + 1);
  }

  private static Object composite(Object value, String at, int depth) {
    if (depth > JsonReader.MAX_DEPTH) {
      throw bad(
          "",
          "deeper nesting, or a value that contains itself",
          "at most " + JsonReader.MAX_DEPTH + " levels",
          "Flatten the value");
    }
    if (value instanceof Record) {
      return object(value, at, depth);
    }
    if (value instanceof Map<?, ?> map) {
      return map(map, at, depth);
    }
    if (value instanceof Collection<?> items) {
      return list(items, at, depth);
    }
    if (value instanceof Object[] items) {
      return list(Arrays.asList(items), at, depth);
    }
    throw bad(at, "a " + value.getClass().getName(), KINDS, "Copy what matters into a record");
  }

  private static Object object(Object value, String at, int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (var component : Types.record(value.getClass()).components()) {
      var part = json(read(value, component, at), Types.step(at, component.name()), depth);
      if (part != null) {
        map.put(component.name(), part);
      }
    }
    return Collections.unmodifiableMap(map);
  }

  private static @Nullable Object read(Object value, Types.Component component, String at) {
    try {
      return component.get().invoke(value);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new BadInputException(
          ROOT + Types.step(at, component.name()),
          "an accessor that threw " + e.getClass().getName(),
          "an accessor that returns the component",
          "Correct the record " + value.getClass().getName(),
          e);
    }
  }

  private static Object map(Map<?, ?> given, String at, int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (var entry : given.entrySet()) {
      var key = key(entry.getKey(), at);
      if (map.containsKey(key)) {
        throw bad(
            Types.step(at, Types.shortened(key)),
            "two keys written the same way",
            "each key once",
            "Use texts as keys");
      }
      map.put(key, json(entry.getValue(), Types.step(at, key), depth));
    }
    return Collections.unmodifiableMap(map);
  }

  private static String key(@Nullable Object key, String at) {
    if (key instanceof CharSequence || key instanceof Integer || key instanceof Long) {
      return text(key.toString(), at);
    }
    if (key instanceof WireName named) {
      return text(named.wireName(), at);
    }
    if (key instanceof Enum<?> constant) {
      return constant.name();
    }
    throw bad(
        at,
        "a key of type " + (key == null ? "null" : key.getClass().getName()),
        "keys that are texts, whole numbers, enum constants or ids",
        "Use texts as keys");
  }

  private static Object list(Collection<?> items, String at, int depth) {
    var list = new ArrayList<@Nullable Object>(items.size());
    for (var item : items) {
      list.add(json(item, at + "/" + list.size(), depth));
    }
    return Collections.unmodifiableList(list);
  }

  static String text(String text, String at) {
    if (JsonReader.loneSurrogate(text) >= 0) {
      throw bad(
          at,
          "half of a surrogate pair in a text",
          "text that UTF-8 can carry",
          "Cut texts at whole characters");
    }
    return text;
  }

  private static Object number(Number number, String at) {
    if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
      return number.longValue();
    }
    if (number instanceof BigDecimal decimal) {
      return CanonicalJson.number(decimal);
    }
    if (number instanceof BigInteger integer) {
      return CanonicalJson.number(new BigDecimal(integer));
    }
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      if (!Double.isFinite(value)) {
        throw bad(at, "a number that is not finite", "a finite number", "Use null or a text");
      }
      return CanonicalJson.number(
          number instanceof Float
              ? new BigDecimal(number.toString())
              : CanonicalJson.shortest(value));
    }
    if (number instanceof java.util.concurrent.atomic.AtomicInteger
        || number instanceof java.util.concurrent.atomic.AtomicLong) {
      return number.longValue();
    }
    throw bad(at, "a " + number.getClass().getName(), "one of Java's numbers", "Use BigDecimal");
  }

  private static BadInputException bad(String at, String found, String expected, String advice) {
    return new BadInputException(ROOT + at, found, expected, advice);
  }
}
