// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The ways in which a secret may be written in a text. */
final class ValueForms {
  /** Lines of a secret that are shorter say little, and may stand in any text. */
  private static final int MIN_LINE = 16;

  private ValueForms() {}

  /** Returns the forms that are long enough to be looked for. */
  static Set<String> of(String value) {
    Set<String> forms = new LinkedHashSet<>();
    written(value, forms);
    String stripped = value.strip();
    if (!stripped.equals(value)) {
      written(stripped, forms);
    }
    if (value.indexOf('\n') >= 0) {
      value
          .lines()
          .map(String::strip)
          .filter(line -> line.length() >= MIN_LINE && !line.startsWith("-----"))
          .forEach(line -> written(line, forms));
    }
    forms.removeIf(form -> form.length() < Redactor.MIN_LENGTH);
    return forms;
  }

  private static void written(String value, Set<String> forms) {
    if (value.length() < Redactor.MIN_LENGTH) {
      return;
    }
    forms.add(value);
    forms.add(json(value, false));
    forms.add(json(value, true));
    String percent = percent(value, " ");
    forms.add(percent);
    forms.add(percent.replace("%20", "+"));
    forms.add(lowerCaseHex(percent));
    base64(value.getBytes(UTF_8), forms);
  }

  /** As JSON writes it, with the slash as it is or escaped. */
  private static String json(String value, boolean slash) {
    StringBuilder out = new StringBuilder(value.length() + 8);
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '/' -> out.append(slash ? "\\/" : "/");
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }

  private static String percent(String value, String encodedToo) {
    StringBuilder out = new StringBuilder(value.length() + 16);
    for (byte b : value.getBytes(UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0;
      if (plain && encodedToo.indexOf(c) < 0) {
        out.append(c);
      } else {
        out.append("%%%02X".formatted((int) c));
      }
    }
    return out.toString();
  }

  private static String lowerCaseHex(String percent) {
    StringBuilder out = new StringBuilder(percent);
    for (int i = 0; i + 2 < out.length(); i++) {
      if (out.charAt(i) == '%') {
        out.replace(i + 1, i + 3, out.substring(i + 1, i + 3).toLowerCase(Locale.ROOT));
      }
    }
    return out.toString();
  }

  /**
   * What of the value does not depend on its neighbours when both are encoded together, as user and
   * password are: once for each offset.
   */
  private static void base64(byte[] value, Set<String> forms) {
    for (int offset = 0; offset < 3; offset++) {
      byte[] padded = new byte[offset + value.length];
      System.arraycopy(value, 0, padded, offset, value.length);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
      int begin = (offset * 8 + 5) / 6;
      int end = padded.length * 8 / 6;
      String inner = encoded.substring(begin, Math.max(begin, end));
      forms.add(inner);
      forms.add(inner.replace('+', '-').replace('/', '_'));
    }
  }
}
