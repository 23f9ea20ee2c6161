// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import java.util.regex.Pattern;

/**
 * Makes text of a server fit for messages: short, on one line, without keys, and without what the
 * server repeats of the prompt. Immutable and thread safe.
 */
final class Excerpt {
  static final int MAX_CHARS = 200;

  /** How many characters in a row make a repetition. */
  static final int WINDOW = 16;

  private static final int CUT = 4 * MAX_CHARS;
  private static final String MASK = "***";
  private static final Pattern KEYS =
      Pattern.compile(
          "(?i)\\b(?:sk|pk|rk|gsk|hf|xai)[-_][A-Za-z0-9_\\-*.]{6,}"
              + "|\\b(?:hv[sbr]|AKIA|gh[pousr]_|github_pat_|xox[abpr]-)[\\w.-]{8,}"
              + "|\\bbearer\\s+\\S+"
              + "|\\beyJ[\\w-]{10,}\\.[\\w.-]+");
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}\\s]+");

  private final String secret;
  private final String prompt;

  /**
   * @param secret the key that was sent; empty if none was
   * @param prompt all text that was sent
   */
  Excerpt(String secret, String prompt) {
    this.secret = secret;
    this.prompt = UNPRINTABLE.matcher(prompt).replaceAll(" ");
  }

  /** An excerpt of a text, at most {@value #MAX_CHARS} characters; empty if there is nothing. */
  String of(String text) {
    String cut = text.length() > CUT ? text.substring(0, CUT) : text;
    String line = UNPRINTABLE.matcher(cut).replaceAll(" ").strip();
    if (!secret.isEmpty()) {
      line = line.replace(secret, MASK);
    }
    line = KEYS.matcher(line).replaceAll(MASK);
    line = withoutPrompt(line);
    return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS - 1) + "…";
  }

  private String withoutPrompt(String line) {
    if (prompt.length() < WINDOW || line.length() < WINDOW) {
      return line;
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < line.length()) {
      int end = repeatedUntil(line, at);
      if (end > at) {
        out.append("[prompt]");
        at = end;
      } else {
        out.append(line.charAt(at++));
      }
    }
    return out.toString();
  }

  /** Where what begins here and is in the prompt ends; here, if it is too short to count. */
  private int repeatedUntil(String line, int from) {
    if (from + WINDOW > line.length() || !prompt.contains(line.substring(from, from + WINDOW))) {
      return from;
    }
    int end = from + WINDOW;
    while (end < line.length() && prompt.contains(line.substring(from, end + 1))) {
      end++;
    }
    return end;
  }
}
