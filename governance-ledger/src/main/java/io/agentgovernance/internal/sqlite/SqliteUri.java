// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.sqlite;

import io.agentgovernance.BadInputException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What follows {@code sqlite:} in a URI: a path, and options.
 *
 * @param where what kind of URI it is, for messages
 * @param path the path, as it was written
 * @param options the options in their order
 */
public record SqliteUri(String where, Path path, Map<String, String> options) {
  /** What a path to something else begins with. */
  public static final String FILE = "file:";

  private static final Pattern SECONDS = Pattern.compile("([1-9][0-9]{0,8})s");
  private static final Pattern COUNT = Pattern.compile("0|[1-9][0-9]{0,8}");

  /** Copies the options. */
  public SqliteUri {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /**
   * Reads it.
   *
   * @param where what kind of URI it is, such as "ledger URI"
   * @param rest what follows the first colon
   * @param defaultPath the path if none is written
   * @param known the options there are
   * @throws BadInputException if it makes no sense
   */
  public static SqliteUri parse(String where, String rest, String defaultPath, List<String> known) {
    int question = rest.indexOf('?');
    String text = decoded(where, question < 0 ? rest : rest.substring(0, question));
    if (text.isEmpty()) {
      text = defaultPath;
    }
    if (text.startsWith("///")) {
      text = text.substring(2);
    }
    if (text.startsWith("//") || text.startsWith(":") || text.startsWith(FILE)) {
      throw new BadInputException(
          where,
          "'sqlite:" + text + "'",
          "'sqlite:<path>', such as 'sqlite:/var/lib/bank/" + defaultPath + "'",
          "Write the path after the colon; what forgets is 'memory:'");
    }
    return new SqliteUri(
        where,
        toPath(where, text),
        options(where, question < 0 ? "" : rest.substring(question + 1), known));
  }

  private static Map<String, String> options(String where, String query, List<String> known) {
    var found = new LinkedHashMap<String, String>();
    for (String option : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      if (equals < 0 || !known.contains(name) || found.containsKey(name)) {
        throw new BadInputException(
            where,
            found.containsKey(name) ? "option '" + name + "' twice" : "option '" + name + "'",
            "each of these once at most, with a value: " + String.join(", ", known),
            "Correct or remove it");
      }
      found.put(name, decoded(where, option.substring(equals + 1)));
    }
    return found;
  }

  private static Path toPath(String where, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadInputException(
          where, "'" + text + "'", "a path of this system", "Name a file", e);
    }
  }

  /** Reads an option's value that begins with {@value #FILE}. */
  public Path file(String value) {
    return toPath(where, value.substring(FILE.length()));
  }

  /** Reads an option's value that is a number. */
  public int number(String name, String value, int least) {
    boolean good = COUNT.matcher(value).matches() && Integer.parseInt(value) >= least;
    check(name, value, good, "a number from " + least + " to 999999999");
    return Integer.parseInt(value);
  }

  /** Reads an option's value that is a duration: ISO 8601, or seconds such as 10s. */
  public Duration duration(String name, String value) {
    var seconds = SECONDS.matcher(value);
    try {
      Duration duration =
          seconds.matches()
              ? Duration.ofSeconds(Long.parseLong(seconds.group(1)))
              : Duration.parse(value);
      check(name, value, !duration.isNegative() && !duration.isZero(), "more than nothing");
      return duration;
    } catch (DateTimeException e) {
      throw new BadInputException(
          where, name + "=" + value, "a duration such as '10s' or 'PT10S'", "Correct it", e);
    }
  }

  /** Refuses an option's value that is not good. */
  public void check(String name, String value, boolean good, String expected) {
    if (!good) {
      throw new BadInputException(
          where, name + "=" + value, name + " to be " + expected, "Correct or remove it");
    }
  }

  private static String decoded(String where, String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          where,
          "a '%' that is not followed by two hexadecimal digits",
          "percent-encoding",
          "Write '%25' for a percent sign",
          e);
    }
  }
}
