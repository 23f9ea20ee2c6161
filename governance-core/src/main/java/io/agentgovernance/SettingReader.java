// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the texts of {@link Settings} and says what is wrong with them. */
final class SettingReader {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final int MAX_COUNT = 1_000;
  private static final int MAX_MODEL = 200;
  private static final int SHOWN = 40;
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,12})(ms|s|m|h)?");
  private static final Pattern COUNT = Pattern.compile("\\d{1,4}");
  private static final Pattern SCORE = Pattern.compile("\\d{0,10}\\.?\\d{1,20}([eE]-\\d{1,3})?");
  private static final Pattern MODEL = Pattern.compile("[\\x21-\\x7e]+");

  /** What keys and passwords look like; such a value never gets into a message. */
  private static final Pattern CREDENTIAL =
      Pattern.compile(
          "(?is)(sk|pk|ghp|hvs|xox[a-z])[-_.][^/]*|eyJ[\\w-]{20,}.*|bearer .*"
              + "|.*(password|secret|key|token)\\s*[=:].*|.*://[^/]*@.*");

  private static final String DURATIONS =
      "whole seconds, or a duration such as 500ms, 90s, 2m, 1h or PT2M, from 1 ms to 30 days";

  private SettingReader() {}

  static boolean flag(String where, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(where, text, "true or false", "Write true or false");
    };
  }

  static String model(String where, String text) {
    if (CREDENTIAL.matcher(text).matches()) {
      throw bad(
          where,
          text,
          "the name of a model, such as " + Settings.DEFAULT_OPENROUTER_MODEL,
          "Keep keys in a secret source, and change this one if it was shown to anybody");
    }
    if (text.length() > MAX_MODEL || !MODEL.matcher(text).matches()) {
      throw bad(
          where,
          text,
          "the name of a model, 1 to 200 ASCII characters without spaces, such as "
              + Settings.DEFAULT_OPENROUTER_MODEL,
          "See the list of models at OpenRouter");
    }
    return text;
  }

  static Duration duration(String where, String text) {
    var amount = AMOUNT.matcher(text.toLowerCase(Locale.ROOT));
    if (amount.matches()) {
      long count = Long.parseLong(amount.group(1));
      var unit = amount.group(2) == null ? "s" : amount.group(2);
      return inRange(
          where,
          text,
          switch (unit) {
            case "ms" -> Duration.ofMillis(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofSeconds(count);
          });
    }
    try {
      return inRange(where, text, Duration.parse(text));
    } catch (DateTimeParseException e) {
      throw bad(where, text, DURATIONS, "Write for instance 120 or 2m");
    }
  }

  static Duration inRange(String where, Duration duration) {
    return inRange(where, duration.toString(), duration);
  }

  private static Duration inRange(String where, String text, Duration duration) {
    if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
      throw bad(where, text, DURATIONS, "Choose a duration in that range");
    }
    return duration;
  }

  static int count(String where, String text) {
    int count = COUNT.matcher(text).matches() ? Integer.parseInt(text) : 0;
    if (count < 1 || count > MAX_COUNT) {
      throw bad(where, text, "a whole number from 1 to " + MAX_COUNT, "Write for instance 3");
    }
    return count;
  }

  static double score(String where, String text) {
    double score = SCORE.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (!(score >= 0 && score <= 1)) {
      throw bad(where, text, "a number from 0 to 1", "Write for instance 0.8");
    }
    return score;
  }

  /** One exception for all problems. */
  static BadInputException together(List<BadInputException> problems) {
    if (problems.size() == 1) {
      return problems.get(0);
    }
    var first = problems.get(0);
    var all =
        new BadInputException(
            "environment variables "
                + problems.stream().map(BadInputException::where).collect(joining(", ")),
            each(problems, BadInputException::found),
            each(problems, BadInputException::expected),
            each(problems, BadInputException::advice),
            first);
    problems.stream().skip(1).forEach(all::addSuppressed);
    return all;
  }

  private static String each(
      List<BadInputException> problems, Function<BadInputException, String> part) {
    return problems.stream()
        .map(problem -> problem.where() + ": " + part.apply(problem))
        .collect(joining("; "));
  }

  private static BadInputException bad(String where, String text, String expected, String advice) {
    return new BadInputException(where, shown(text), expected, advice);
  }

  private static String shown(String text) {
    if (CREDENTIAL.matcher(text).matches()) {
      return "something that looks like a credential";
    }
    if (text.isEmpty()) {
      return "an empty text";
    }
    var visible = text.replaceAll("[^\\x20-\\x7e]", "?");
    return visible.length() <= SHOWN
        ? "'" + visible + "'"
        : "'" + visible.substring(0, SHOWN) + "…' (" + text.length() + " characters)";
  }
}
