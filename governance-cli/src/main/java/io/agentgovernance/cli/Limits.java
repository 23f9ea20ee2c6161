// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.Settings;
import java.time.Duration;
import java.util.Map;

/** Reads {@code --timeout}. */
final class Limits {
  private static final String TIMEOUT_VARIABLE = "ORCHESTRATION_TIMEOUT";

  private Limits() {}

  /**
   * Reads a duration as the variable of the environment is read, so that both mean the same.
   *
   * @throws BadInputException if it is none
   */
  static Duration timeout(String text) {
    try {
      String value = text.isBlank() ? "blank" : text;
      return Settings.fromEnvironment(Map.of(TIMEOUT_VARIABLE, value)).orchestrationTimeout();
    } catch (BadInputException e) {
      String found = text.isBlank() ? "an empty text" : e.found();
      throw new BadInputException("--timeout", found, e.expected(), e.advice(), e);
    }
  }
}
