// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What makes two errors the same: class, operation and message, with what varies between two
 * occurrences masked.
 *
 * <p>Quoted text becomes {@code ''}, words with a digit (numbers, ULIDs, UUIDs, keys), hexadecimal
 * words and very long words become {@code #}. The result is lower case, has single spaces, at most
 * {@value #MAX_LENGTH} characters, and no quoted text and no ids in it.
 */
public final class ErrorSignature {
  /** The length signatures are cut to. */
  public static final int MAX_LENGTH = 200;

  private static final int MAX_MESSAGE = 1_000;
  private static final int MAX_CLASS = 80;
  private static final int MAX_OPERATION = 60;
  private static final int LONG_WORD = 32;
  private static final int HEX_WORD = 8;
  private static final int KEY = 16;

  /** Masks in a row: lists of any length, and numbers with points, look alike. */
  private static final Pattern LIST = Pattern.compile("(#|'')(?:[ .,:;/]+\\1)+");

  private ErrorSignature() {}

  /**
   * Returns the signature of an error.
   *
   * @param operation what was being done, such as {@code tool:search}
   */
  public static String of(Throwable error, String operation) {
    String name = error.getClass().getName();
    String signature =
        name.substring(Math.max(0, name.length() - MAX_CLASS)).toLowerCase(Locale.ROOT)
            + " "
            + cut(mask(requireNonNull(operation, "operation")), MAX_OPERATION)
            + " "
            + mask(message(error));
    return cut(signature, MAX_LENGTH).strip();
  }

  private static String message(Throwable error) {
    try {
      @Nullable String message = error.getMessage();
      return message == null ? "" : message;
    } catch (RuntimeException e) {
      return ""; // a message that cannot be made does not tell errors apart
    }
  }

  private static String mask(String text) {
    String source = cut(text, MAX_MESSAGE);
    var masked = new StringBuilder();
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      int end;
      if (opensQuote(source, at)) {
        append(masked, "''");
        end = quoteEnd(source, at);
      } else if (isWordPart(c)) {
        end = at + 1;
        while (end < source.length() && isWordPart(source.charAt(end))) {
          end++;
        }
        append(masked, word(source.substring(at, end).toLowerCase(Locale.ROOT)));
      } else {
        append(masked, Character.isWhitespace(c) || Character.isISOControl(c) ? " " : "" + c);
        end = at + 1;
      }
      at = end;
    }
    return LIST.matcher(masked).replaceAll("$1").strip();
  }

  /** Appends without doubling spaces and masks. */
  private static void append(StringBuilder masked, String part) {
    boolean doubled = part.equals(" ") || part.equals("#") || part.equals("''");
    if (!doubled || !endsWith(masked, part)) {
      masked.append(part);
    }
  }

  private static boolean endsWith(StringBuilder text, String part) {
    return text.length() >= part.length()
        && text.lastIndexOf(part) == text.length() - part.length();
  }

  /** An apostrophe inside a word quotes nothing. */
  private static boolean opensQuote(String text, int at) {
    return switch (text.charAt(at)) {
      case '"', '`', '\u201c', '\u201e', '\u00ab', '\u2018', '\u201a' -> true;
      case '\'' -> at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
      default -> false;
    };
  }

  /** Returns the index after the closing quote; a quote that is not closed reaches to the end. */
  private static int quoteEnd(String text, int open) {
    for (int i = open + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (closes(text, open, i)) {
        return i + 1;
      }
    }
    return text.length();
  }

  private static boolean closes(String text, int open, int at) {
    char c = text.charAt(at);
    return switch (text.charAt(open)) {
      case '\u201c' -> c == '\u201d';
      case '\u201e' -> c == '\u201c' || c == '\u201d';
      case '\u00ab' -> c == '\u00bb';
      case '\u2018', '\u201a' -> c == '\u2019';
      case '\'' ->
          c == '\'' && (at + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(at + 1)));
      default -> c == text.charAt(open);
    };
  }

  /** Joins what ids and keys are made of; a full stop or colon would join sentences too. */
  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '+' || c == '=' || c == '%';
  }

  private static String word(String word) {
    boolean digits = word.chars().anyMatch(Character::isDigit);
    if (word.length() >= LONG_WORD || isHex(word) || (digits && word.length() >= KEY)) {
      return "#";
    }
    return digits ? maskParts(word) : word;
  }

  /** Keeps the words of a short compound: {@code attempt-3} and {@code attempt-4} are alike. */
  private static String maskParts(String word) {
    var masked = new StringBuilder();
    int at = 0;
    while (at < word.length()) {
      int end = at;
      boolean digits = false;
      while (end < word.length() && Character.isLetterOrDigit(word.charAt(end))) {
        digits |= Character.isDigit(word.charAt(end));
        end++;
      }
      append(masked, digits ? "#" : word.substring(at, end));
      if (end < word.length()) {
        masked.append(word.charAt(end));
      }
      at = end + 1;
    }
    return masked.toString();
  }

  private static boolean isHex(String word) {
    return word.length() >= HEX_WORD
        && word.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '-');
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }
}
