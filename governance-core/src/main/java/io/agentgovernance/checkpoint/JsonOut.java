// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.WireName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Writes the fields of one object, in the order they are given. Not thread safe.
 *
 * <p>Unlike a {@link Payload}, it takes every Java text: half of a surrogate pair is escaped, so
 * that an error's message can never keep a run from being remembered.
 */
final class JsonOut {
  private static final int FIRST_CAPACITY = 512;

  private final StringBuilder out;
  private boolean empty = true;

  private JsonOut(StringBuilder out) {
    this.out = out;
  }

  /** Returns an object as text. */
  static String object(UnaryOperator<JsonOut> fields) {
    var out = new StringBuilder(FIRST_CAPACITY);
    writeObject(out, fields);
    return out.toString();
  }

  /** Appends an object. */
  static void writeObject(StringBuilder out, UnaryOperator<JsonOut> fields) {
    out.append('{');
    JsonOut unused = fields.apply(new JsonOut(out));
    out.append('}');
  }

  private StringBuilder name(String name) {
    if (!empty) {
      out.append(',');
    }
    empty = false;
    return out.append('"').append(name).append("\":");
  }

  private JsonOut field(String name, String value) {
    string(value, name(name));
    return this;
  }

  JsonOut text(String name, String value) {
    return field(name, value);
  }

  JsonOut number(String name, long value) {
    name(name).append(value);
    return this;
  }

  /** All digits and the scale, as a text. */
  JsonOut decimal(String name, BigDecimal value) {
    return field(name, value.toString());
  }

  JsonOut instant(String name, Instant value) {
    return field(name, value.toString());
  }

  JsonOut duration(String name, Duration value) {
    return field(name, value.toString());
  }

  JsonOut id(String name, WireName value) {
    return field(name, value.wireName());
  }

  JsonOut idIfAny(String name, @Nullable WireName value) {
    return value == null ? this : id(name, value);
  }

  JsonOut word(String name, Enum<?> value) {
    return field(name, value.name());
  }

  JsonOut wordIfAny(String name, @Nullable Enum<?> value) {
    return value == null ? this : word(name, value);
  }

  /** Any JSON value, also null. */
  JsonOut payload(String name, Payload value) {
    return json(name, value.json());
  }

  /** What is JSON already. */
  JsonOut json(String name, String value) {
    name(name).append(value);
    return this;
  }

  JsonOut texts(String name, List<String> values) {
    name(name).append('[');
    String separator = "";
    for (String value : values) {
      out.append(separator);
      string(value, out);
      separator = ",";
    }
    out.append(']');
    return this;
  }

  JsonOut object(String name, UnaryOperator<JsonOut> fields) {
    writeObject(name(name), fields);
    return this;
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    int written = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x20 && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
        continue;
      }
      if (isPair(text, i)) {
        i++;
        continue;
      }
      out.append(text, written, i);
      escape(c, out);
      written = i + 1;
    }
    out.append(text, written, text.length()).append('"');
  }

  private static boolean isPair(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1));
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(Character.forDigit(c >> shift & 0xf, 16));
        }
      }
    }
  }
}
