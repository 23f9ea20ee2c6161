// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import java.util.regex.Pattern;

/** Shapes of keys that are recognised without having been read from a secret source. */
final class KnownKeys {
  static final String MASK = "***";

  private static final Pattern KEY =
      Pattern.compile(
          "(?:sk-|hv[sbr]\\.|gh[pousr]_|github_pat_|xox[abeprs]-|AKIA)[A-Za-z0-9_.-]{12,}");

  private KnownKeys() {}

  /** Masks what looks like a key. */
  static String masked(String text) {
    return KEY.matcher(text).replaceAll(MASK);
  }
}
