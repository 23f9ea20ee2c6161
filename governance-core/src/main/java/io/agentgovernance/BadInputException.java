// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Something the caller supplied cannot be used: an id, a JSON text, a setting, a schema.
 *
 * <p>The four parts are also accessors, so that a host can show them in its own words. Not
 * retryable: the input has to change.
 */
public class BadInputException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String where;
  private final String found;
  private final String expected;
  private final String advice;

  /**
   * Makes an exception whose message is composed of the four parts.
   *
   * @param where the place: a parameter, a variable, a line and column, a JSON pointer
   * @param found what was there, without secrets or prompt text
   * @param expected what would have been accepted
   * @param advice what to do about it, as a sentence, whose full stop may be left out
   */
  public BadInputException(String where, String found, String expected, String advice) {
    this(where, found, expected, advice, null);
  }

  /** As the four-part constructor, keeping the exception that led to this one. */
  public BadInputException(
      String where, String found, String expected, String advice, @Nullable Throwable cause) {
    super(
        requireNonNull(where, "where")
            + ": found "
            + requireNonNull(found, "found")
            + ", expected "
            + requireNonNull(expected, "expected")
            + ". "
            + sentence(requireNonNull(advice, "advice")),
        cause);
    this.where = where;
    this.found = found;
    this.expected = expected;
    this.advice = advice;
  }

  private static String sentence(String text) {
    return text.endsWith(".") || text.endsWith("?") ? text : text + ".";
  }

  /** Returns the place of the problem. */
  public String where() {
    return where;
  }

  /** Returns what was there. */
  public String found() {
    return found;
  }

  /** Returns what would have been accepted. */
  public String expected() {
    return expected;
  }

  /** Returns what to do about it. */
  public String advice() {
    return advice;
  }
}
