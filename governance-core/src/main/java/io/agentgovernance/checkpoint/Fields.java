// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object that was read. Each method reads one field and says what is wrong with
 * it; fields nobody asks for are passed over.
 */
final class Fields {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

  private final RunId run;
  private final long position;
  private final String path;
  private final Map<?, ?> values;

  private Fields(RunId run, long position, String path, Map<?, ?> values) {
    this.run = run;
    this.position = position;
    this.path = path;
    this.values = values;
  }

  /** The fields of a delta. */
  static Fields of(RunId run, long position, @Nullable Object json) {
    return of(run, position, "", json);
  }

  private static Fields of(RunId run, long position, String path, @Nullable Object json) {
    if (json instanceof Map<?, ?> map) {
      return new Fields(run, position, path, map);
    }
    throw new CheckpointUnreadableException(
        where(run, position, path), kind(json), "an object", "It is damaged: restore a backup.");
  }

  /** Names a place in what a run remembers. */
  static String where(RunId run, long position, String path) {
    return "run '" + run + "', delta " + position + (path.isEmpty() ? "" : ", " + path);
  }

  Fields object(String name) {
    return of(run, position, path(name), values.get(name));
  }

  String text(String name) {
    if (values.get(name) instanceof String text) {
      return text;
    }
    throw misfit(name, "a text");
  }

  long number(String name) {
    if (values.get(name) instanceof Long number) {
      return number;
    }
    throw misfit(name, "a whole number");
  }

  int integer(String name) {
    long number = number(name);
    if (number != (int) number) {
      throw misfit(name, "a whole number of 32 bits");
    }
    return (int) number;
  }

  BigDecimal decimal(String name) {
    return parsed(name, "a decimal number as a text", BigDecimal::new);
  }

  Instant instant(String name) {
    return parsed(name, "an instant in ISO 8601", Instant::parse);
  }

  Duration duration(String name) {
    return parsed(name, "a duration in ISO 8601", Duration::parse);
  }

  AgentId agent(String name) {
    return parsed(name, "the id of an agent", AgentId::parse);
  }

  @Nullable AgentId agentIfAny(String name) {
    return values.get(name) == null ? null : agent(name);
  }

  Digest digest(String name) {
    return parsed(name, "a SHA-256 digest", Digest::parse);
  }

  /** A payload is there even if it is empty: then it is null. */
  Payload payload(String name) {
    if (!values.containsKey(name)) {
      throw misfit(name, "a JSON value");
    }
    try {
      return Payload.of(values.get(name));
    } catch (BadInputException e) {
      throw unreadable(name, e.found(), e.expected(), e);
    }
  }

  <E extends Enum<E>> E word(String name, Class<E> type) {
    return constant(name, text(name), type);
  }

  <E extends Enum<E>> @Nullable E wordIfAny(String name, Class<E> type) {
    return values.get(name) == null ? null : word(name, type);
  }

  <E extends Enum<E>> List<E> words(String name, Class<E> type) {
    return texts(name).stream().map(word -> constant(name, word, type)).toList();
  }

  private <E extends Enum<E>> E constant(String name, String word, Class<E> type) {
    E[] constants = type.getEnumConstants();
    for (E constant : constants) {
      if (constant.name().equals(word)) {
        return constant;
      }
    }
    throw unreadable(
        name,
        shown(word),
        "one of " + Arrays.stream(constants).map(Enum::name).collect(Collectors.joining(", ")),
        null);
  }

  List<String> texts(String name) {
    if (values.get(name) instanceof List<?> list
        && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw misfit(name, "a list of texts");
  }

  /** Reads a text that a type of its own understands. */
  <T> T parsed(String name, String expected, Function<String, T> parser) {
    String text = text(name);
    try {
      return parser.apply(text);
    } catch (BadInputException | IllegalArgumentException | DateTimeException e) {
      // Not kept as a cause: the words of some of them quote the text.
      throw unreadable(name, shown(text), expected, null);
    }
  }

  <T> @Nullable T parsedIfAny(String name, String expected, Function<String, T> parser) {
    return values.get(name) == null ? null : parsed(name, expected, parser);
  }

  /** What a field held instead. */
  CheckpointUnreadableException misfit(String name, String expected) {
    Object value = values.get(name);
    String found =
        value instanceof String text
            ? shown(text)
            : value instanceof Long number
                ? number.toString()
                : values.containsKey(name) ? kind(value) : "nothing";
    return unreadable(name, found, expected, null);
  }

  /** The whole object does not make sense. */
  CheckpointUnreadableException unreadable(String found, String expected, Throwable cause) {
    return unreadable("", found, expected, cause);
  }

  private CheckpointUnreadableException unreadable(
      String name, String found, String expected, @Nullable Throwable cause) {
    return new CheckpointUnreadableException(
        where(run, position, path(name)),
        found,
        expected,
        "If a newer version wrote it, resume the run with that version; else it is damaged:"
            + " restore a backup.",
        cause);
  }

  private String path(String name) {
    if (name.isEmpty()) {
      return path;
    }
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Only what looks like a name is shown: anything else may be somebody's text. */
  private static String shown(String text) {
    return WORD.matcher(text).matches()
        ? "'" + text + "'"
        : "a text of " + text.length() + " characters";
  }

  private static String kind(@Nullable Object json) {
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
}
