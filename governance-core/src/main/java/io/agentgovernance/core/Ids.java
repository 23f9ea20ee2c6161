// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.util.regex.Pattern;

/** The one form of every id, safe in keys, file names and URLs. */
final class Ids {
  private static final int MAX_LENGTH = 63;
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  private Ids() {}

  static void check(String kind, String value) {
    requireNonNull(value, "value");
    if (!FORM.matcher(value).matches()) {
      boolean tooLong = value.length() > MAX_LENGTH;
      throw new BadInputException(
          kind + " id",
          Wire.quoted(value),
          "1 to 63 characters of a-z, 0-9, '_' and '-', the first a letter or digit",
          tooLong ? "Shorten it" : "Use lower-case ASCII letters, digits, '_' and '-' only");
    }
  }
}
