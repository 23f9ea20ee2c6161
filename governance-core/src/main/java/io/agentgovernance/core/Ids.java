// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;

/** The one form of every id, safe in keys, file names and URLs. */
final class Ids {
  private static final int MAX_LENGTH = 63;

  private Ids() {}

  static void check(String kind, String value) {
    requireNonNull(value, "value");
    if (!wellFormed(value)) {
      boolean tooLong = value.length() > MAX_LENGTH;
      throw new BadInputException(
          kind + " id",
          Wire.quoted(value),
          "1 to 63 characters of a-z, 0-9, '_' and '-', the first a letter or digit",
          tooLong ? "Shorten it" : "Use lower-case ASCII letters, digits, '_' and '-' only");
    }
  }

  private static boolean wellFormed(String value) {
    int length = value.length();
    if (length == 0 || length > MAX_LENGTH || !isLetterOrDigit(value.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = value.charAt(i);
      if (!isLetterOrDigit(c) && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }
}
