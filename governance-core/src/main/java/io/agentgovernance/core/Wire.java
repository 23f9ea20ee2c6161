// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.WireName;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words from outside: found, checked, and shown in messages. */
final class Wire {
  private static final int SHOWN = 40;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

  private Wire() {}

  static <E extends Enum<E> & WireName> E find(Class<E> type, String word) {
    requireNonNull(word, "wireName");
    E[] constants = type.getEnumConstants();
    for (var constant : constants) {
      if (constant.wireName().equals(word)) {
        return constant;
      }
    }
    var advice =
        Arrays.stream(constants)
            .filter(constant -> constant.wireName().equalsIgnoreCase(word.strip()))
            .findFirst()
            .map(constant -> "Write " + constant.wireName())
            .orElse("Use one of them, letters as shown");
    throw new BadInputException(
        type.getSimpleName(),
        quoted(word),
        "one of "
            + Arrays.stream(constants).map(WireName::wireName).collect(Collectors.joining(", ")),
        advice);
  }

  /** A word for a message: short, on one line. */
  static String quoted(String word) {
    if (word.isEmpty()) {
      return "an empty text";
    }
    var visible = UNPRINTABLE.matcher(word).replaceAll("?");
    return visible.length() <= SHOWN
        ? "'" + visible + "'"
        : "'" + visible.substring(0, SHOWN) + "…' (" + word.length() + " characters)";
  }

  /** An unmodifiable copy in the same order. */
  static <K, V> Map<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
