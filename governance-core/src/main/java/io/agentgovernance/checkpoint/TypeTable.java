// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The types that may be stored, each with the name it has there: only what is listed is ever
 * written or made. Immutable and thread safe.
 */
final class TypeTable<T> {
  static final String TYPE = "type";

  private final Map<String, Form<? extends T>> byName = new TreeMap<>();
  private final Map<Class<?>, Form<? extends T>> byClass = new HashMap<>();

  /**
   * How one type is stored.
   *
   * @param name its name in stored data; never changes and is never used for anything else
   * @param write adds its fields
   * @param read makes it of them
   */
  record Form<F>(
      String name, Class<F> type, BiFunction<F, JsonOut, JsonOut> write, Function<Fields, F> read) {
    JsonOut writeTo(JsonOut out, Object value) {
      return write.apply(type.cast(value), out.text(TYPE, name));
    }
  }

  TypeTable(List<Form<? extends T>> forms) {
    for (Form<? extends T> form : forms) {
      if (byName.put(form.name(), form) != null || byClass.put(form.type(), form) != null) {
        throw new IllegalArgumentException("listed twice: " + form.name());
      }
    }
  }

  /** Adds the name and the fields of a value. */
  JsonOut write(JsonOut out, T value) {
    Form<? extends T> form = byClass.get(value.getClass());
    if (form == null) {
      throw new IllegalArgumentException(
          "found a " + value.getClass().getName() + ", expected one of the listed types");
    }
    return form.writeTo(out, value);
  }

  /** Makes a value of the type its fields name. */
  T read(Fields in) {
    Form<? extends T> form = byName.get(in.text(TYPE));
    if (form == null) {
      throw in.misfit(TYPE, "one of " + String.join(", ", byName.keySet()));
    }
    return form.read().apply(in);
  }

  Collection<Class<?>> types() {
    return byClass.keySet();
  }
}
