// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import java.util.Locale;

/**
 * Makes text of models and tools fit for a terminal: such text may hold control sequences that move
 * the cursor, change colours or the title.
 */
final class Plain {
  private Plain() {}

  /** One line, without control characters. */
  static String line(String text) {
    return filtered(text.replaceAll("\\s+", " ").strip());
  }

  /** Lines, without control characters but line ends and tabs. */
  static String block(String text) {
    return filtered(text.replace("\r\n", "\n").replace('\r', '\n'));
  }

  /** At most {@code width} characters. */
  static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }

  /** With separators for thousands. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static String filtered(String text) {
    return text.codePoints()
        .filter(
            code ->
                code == '\n'
                    || code == '\t'
                    || !(Character.isISOControl(code)
                        || Character.getType(code) == Character.FORMAT))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
