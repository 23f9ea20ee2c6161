// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import java.util.Map;
import java.util.Properties;

/**
 * What is known of the terminal. Java cannot ask, so the {@code governance} script does and says so
 * in system properties; without them nothing counts as a terminal.
 *
 * @param out whether stdout is one
 * @param err whether stderr is one
 * @param color whether colour is wanted on a terminal
 * @param columns its width, at least 40
 */
record Terminal(Kind out, Kind err, Color color, int columns) {
  static final Terminal NONE = new Terminal(Kind.FILE, Kind.FILE, Color.NEVER, 100);

  private static final int LEAST_COLUMNS = 40;
  private static final int MOST_COLUMNS = 160;
  private static final int USUAL_COLUMNS = 100;

  /** What a stream leads to. */
  enum Kind {
    TERMINAL,
    FILE
  }

  /** Whether colour is wanted. */
  enum Color {
    ON_TERMINALS,
    NEVER
  }

  Terminal {
    columns = Math.max(LEAST_COLUMNS, Math.min(MOST_COLUMNS, columns));
  }

  /**
   * Reads {@code governance.terminal}, which lists {@code out} and {@code err}, and {@code
   * governance.columns}. The variables NO_COLOR and TERM=dumb turn colour off.
   */
  static Terminal of(Properties properties, Map<String, String> environment) {
    String streams = properties.getProperty("governance.terminal", "");
    boolean plain =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "").equals("dumb");
    return new Terminal(
        streams.contains("out") ? Kind.TERMINAL : Kind.FILE,
        streams.contains("err") ? Kind.TERMINAL : Kind.FILE,
        plain ? Color.NEVER : Color.ON_TERMINALS,
        columns(properties.getProperty("governance.columns", "")));
  }

  private static int columns(String text) {
    return text.matches("[1-9]\\d{0,3}") ? Integer.parseInt(text) : USUAL_COLUMNS;
  }

  /** The same without colour. */
  Terminal plain() {
    return new Terminal(out, err, Color.NEVER, columns);
  }

  /** How to write to stdout. */
  Paint paintOut() {
    return paint(out);
  }

  /** How to write to stderr. */
  Paint paintErr() {
    return paint(err);
  }

  private Paint paint(Kind stream) {
    return stream == Kind.TERMINAL && color == Color.ON_TERMINALS ? Paint.ANSI : Paint.NONE;
  }
}
