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
    return json(value, Place.ROOT, 0);
  }

  private static @Nullable Object json(@Nullable Object value, Place at, int depth) {
    // Final classes first: asking for an interface that a value lacks is slow.
    if (value == null || value instanceof Boolean || value instanceof Long) {
      return value;
    }
    if (value instanceof String text) {
      return text(text, at);
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof Payload payload) {
      return payload.value();
    }
    if (value instanceof LinkedHashMap<?, ?> map) {
      return composite(map, at, depth + 1);
    }
    if (value instanceof CharSequence || value instanceof Character) {
      return text(value.toString(), at);
    }
    if (value instanceof Number number) {
      return number(number, at);
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

  private static Object composite(Object value, Place at, int depth) {
    if (depth > JsonReader.MAX_DEPTH) {
      throw bad(
          Place.ROOT,
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

  private static Object object(Object value, Place at, int depth) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (var component : Types.record(value.getClass()).components()) {
      var part = json(read(value, component, at), at.property(component.name()), depth);
      if (part != null) {
        map.put(component.name(), part);
      }
    }
    return Collections.unmodifiableMap(map);
  }

  private static @Nullable Object read(Object value, Types.Component component, Place at) {
    try {
      return component.get().invokeExact(value);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new BadInputException(
          ROOT + at.property(component.name()).pointer(),
          "an accessor that threw " + e.getClass().getName(),
          "an accessor that returns the component",
          "Correct the record " + value.getClass().getName(),
          e);
    }
  }

  private static Object map(Map<?, ?> given, Place at, int depth) {
    Map<String, @Nullable Object> map =
        new LinkedHashMap<>(Math.max(2, given.size() + given.size() / 2));
    int count = 0;
    for (var entry : given.entrySet()) {
      var key = key(entry.getKey(), at);
      map.put(key, json(entry.getValue(), at.property(key), depth));
      if (map.size() == count) {
        throw bad(
            at.property(Types.shortened(key)),
            "two keys written the same way",
            "each key once",
            "Use texts as keys");
      }
      count++;
    }
    return Collections.unmodifiableMap(map);
  }

  private static String key(@Nullable Object key, Place at) {
    if (key instanceof String name) {
      return text(name, at);
    }
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

  private static Object list(Collection<?> items, Place at, int depth) {
    var list = new ArrayList<@Nullable Object>(items.size());
    for (var item : items) {
      list.add(json(item, at.item(list.size()), depth));
    }
    return Collections.unmodifiableList(list);
  }

  static String text(String text, Place at) {
    if (JsonReader.loneSurrogate(text) >= 0) {
      throw bad(
          at,
          "half of a surrogate pair in a text",
          "text that UTF-8 can carry",
          "Cut texts at whole characters");
    }
    return text;
  }

  private static Object number(Number number, Place at) {
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

  private static BadInputException bad(Place at, String found, String expected, String advice) {
    return new BadInputException(ROOT + at.pointer(), found, expected, advice);
  }
}
