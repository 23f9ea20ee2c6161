// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the library's JSON values: null, Boolean, String, Long, BigDecimal (stripped, outside the
 * range of Long if integral), List, Map. The form is RFC 8785; a number with more digits than a
 * double holds keeps them all, where the RFC would round.
 */
final class CanonicalJson {
  /** The order of an object's keys. */
  enum Keys {
    SORTED,
    AS_GIVEN
  }

  private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);
  private static final int LONG_DIGITS = 19;
  private static final int DOUBLE_DIGITS = 17;
  private static final int SAFE_DIGITS = 15;

  /** ECMAScript writes numbers below 1e21 without an exponent. */
  private static final int PLAIN_DIGITS = 21;

  private static final int PLAIN_ZEROS = -6;

  private static final int FIRST_CAPACITY = 128;

  private CanonicalJson() {}

  static String write(@Nullable Object value, Keys keys) {
    if (value instanceof Long number) {
      return Long.toString(number);
    }
    var out = new StringBuilder(FIRST_CAPACITY);
    write(value, keys, out);
    return out.toString();
  }

  /** The one normal form of a number: Long if it fits, else a stripped BigDecimal. */
  static Object number(BigDecimal given) {
    var value = given.stripTrailingZeros();
    long integerDigits = (long) value.precision() - value.scale();
    if (value.scale() <= 0 && integerDigits <= LONG_DIGITS) {
      var whole = value.toBigIntegerExact();
      if (whole.compareTo(MIN_LONG) >= 0 && whole.compareTo(MAX_LONG) <= 0) {
        return whole.longValue();
      }
    }
    return value;
  }

  /** The shortest decimal that reads back as this finite double, the nearest one if several do. */
  static BigDecimal shortest(double value) {
    // Double.toString may print a digit too many before JDK 19 (JDK-4511638); digests must not
    // depend on the JDK. Up to 15 digits there is only one candidate, so it is the right one.
    var printed = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (printed.precision() <= SAFE_DIGITS && Math.abs(value) >= Double.MIN_NORMAL) {
      return printed;
    }
    var exact = new BigDecimal(value);
    for (int digits = 1; digits < DOUBLE_DIGITS; digits++) {
      var below = exact.round(new MathContext(digits, RoundingMode.DOWN));
      var above = exact.round(new MathContext(digits, RoundingMode.UP));
      boolean belowFits = below.doubleValue() == value;
      boolean aboveFits = above.doubleValue() == value;
      if (belowFits || aboveFits) {
        boolean belowNearer =
            exact.subtract(below).abs().compareTo(above.subtract(exact).abs()) <= 0;
        return belowFits && (belowNearer || !aboveFits) ? below : above;
      }
    }
    return exact.round(new MathContext(DOUBLE_DIGITS, RoundingMode.HALF_EVEN));
  }

  private static void write(@Nullable Object value, Keys keys, StringBuilder out) {
    if (value instanceof String text) {
      string(text, out);
    } else if (value instanceof BigDecimal decimal) {
      decimal(decimal, out);
    } else if (value instanceof List<?> list) {
      out.append('[');
      for (int i = 0; i < list.size(); i++) {
        if (i > 0) {
          out.append(',');
        }
        write(list.get(i), keys, out);
      }
      out.append(']');
    } else if (value instanceof Map<?, ?> map) {
      object(map, keys, out);
    } else {
      out.append(value);
    }
  }

  private static void object(Map<?, ?> map, Keys keys, StringBuilder out) {
    var names = map.keySet().toArray(new String[0]);
    if (keys == Keys.SORTED) {
      Arrays.sort(names);
    }
    out.append('{');
    for (int i = 0; i < names.length; i++) {
      if (i > 0) {
        out.append(',');
      }
      string(names[i], out);
      out.append(':');
      write(map.get(names[i]), keys, out);
    }
    out.append('}');
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    int plain = plainLength(text);
    if (plain == text.length()) {
      out.append(text);
    } else {
      out.append(text, 0, plain);
      escape(text, plain, out);
    }
    out.append('"');
  }

  /** How many characters there are before the first that JSON escapes. */
  private static int plainLength(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == '"' || c == '\\') {
        return i;
      }
    }
    return length;
  }

  private static void escape(String text, int from, StringBuilder out) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append("\\u00")
                .append(c < 0x10 ? '0' : '1')
                .append(Character.forDigit(c & 0xf, 16));
          } else {
            out.append(c);
          }
        }
      }
    }
  }

  /** ECMAScript's Number::toString, for any number of digits. */
  private static void decimal(BigDecimal value, StringBuilder out) {
    if (value.signum() < 0) {
      out.append('-');
    }
    var digits = value.unscaledValue().abs().toString();
    int count = digits.length();
    long point = (long) count - value.scale();
    if (count <= point && point <= PLAIN_DIGITS) {
      out.append(digits).append("0".repeat((int) point - count));
    } else if (0 < point && point <= PLAIN_DIGITS) {
      out.append(digits, 0, (int) point).append('.').append(digits, (int) point, count);
    } else if (PLAIN_ZEROS < point && point <= 0) {
      out.append("0.").append("0".repeat((int) -point)).append(digits);
    } else {
      out.append(digits.charAt(0));
      if (count > 1) {
        out.append('.').append(digits, 1, count);
      }
      out.append('e').append(point > 0 ? "+" : "").append(point - 1);
    }
  }
}
