// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a text into sentences, each a verbatim stretch of it without list and heading marks. */
final class Sentences {
  private static final Pattern BLOCK_START =
      Pattern.compile("\\s*(?:[-*+•>#|]+|\\d{1,3}[.)]|```.*)(?:\\s.*)?");

  private static final Pattern MARKS =
      Pattern.compile("(?:\\s*+(?:[-*+•>#|]++|\\d{1,3}[.)])(?=\\s)){0,8}\\s*");

  private static final Pattern END = Pattern.compile("[.!?…]+[\"'”’)\\]]*(?=\\s|$)|[。！？]+");

  private static final Pattern ABBREVIATION =
      Pattern.compile(
          "(?:^|.*[^\\p{L}\\p{N}])(?:\\p{L}|e\\.g|i\\.e|etc|vs|approx|no|nr|fig|dr|mr|mrs|ms|st|z\\.B)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final Pattern SUBSTANCE = Pattern.compile("[\\p{L}\\p{N}]");

  private Sentences() {}

  static List<String> of(String text) {
    List<String> sentences = new ArrayList<>();
    int blockStart = 0;
    int lineStart = 0;
    while (lineStart < text.length()) {
      int lineEnd = lineEnd(text, lineStart);
      String line = text.substring(lineStart, lineEnd);
      if (line.isBlank() || BLOCK_START.matcher(line.stripTrailing()).matches()) {
        cut(text, blockStart, lineStart, sentences);
        blockStart = lineStart;
      } else if (isHeading(text, blockStart, lineStart)) {
        cut(text, blockStart, lineStart, sentences);
        blockStart = lineStart;
      }
      lineStart = lineEnd;
    }
    cut(text, blockStart, text.length(), sentences);
    return sentences;
  }

  /** After the end of line, so that lines put together are the text. */
  private static int lineEnd(String text, int from) {
    int newline = text.indexOf('\n', from);
    return newline < 0 ? text.length() : newline + 1;
  }

  private static boolean isHeading(String text, int blockStart, int blockEnd) {
    int at = blockStart;
    while (at < blockEnd && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < blockEnd && text.charAt(at) == '#';
  }

  private static void cut(String text, int start, int end, List<String> sentences) {
    Matcher terminator = END.matcher(text).region(start, end);
    int from = start;
    while (terminator.find()) {
      if (endsSentence(text, from, terminator, end)) {
        add(text.substring(from, terminator.end()), sentences);
        from = terminator.end();
      }
    }
    add(text.substring(from, end), sentences);
  }

  private static boolean endsSentence(String text, int from, Matcher found, int end) {
    if (!found.group().startsWith(".") || found.group().length() > 1) {
      return true;
    }
    int next = found.end();
    while (next < end && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    boolean goesOn = next < end && Character.isLowerCase(text.charAt(next));
    String before = text.substring(Math.max(from, found.start() - 12), found.start());
    return !goesOn && !(next < end && ABBREVIATION.matcher(before).matches());
  }

  private static void add(String stretch, List<String> sentences) {
    Matcher marks = MARKS.matcher(stretch);
    String sentence = (marks.lookingAt() ? stretch.substring(marks.end()) : stretch).strip();
    if (SUBSTANCE.matcher(sentence).find()) {
      sentences.add(sentence);
    }
  }

  /** The longest line of a sentence, clipped: short enough to quote and still verbatim. */
  static String quote(String sentence, int limit) {
    String longest = "";
    for (String line : sentence.split("\\R", -1)) {
      if (line.strip().length() > longest.length()) {
        longest = line.strip();
      }
    }
    return Words.clip(longest, limit);
  }
}
