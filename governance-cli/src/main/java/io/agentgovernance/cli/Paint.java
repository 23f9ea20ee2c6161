// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import java.util.Locale;

/** Puts colour around text, or none. */
enum Paint {
  ANSI,
  NONE;

  /** A colour or weight. */
  enum Hue {
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    BLUE("34"),
    MAGENTA("35"),
    CYAN("36");

    private final String code;

    Hue(String code) {
      this.code = code;
    }

    /** The colour of a role: always the same for the same name. */
    static Hue of(String label) {
      String role = label.replaceAll("[-_].*", "").toUpperCase(Locale.ROOT);
      return switch (role) {
        case "ALPHA" -> CYAN;
        case "BETA" -> MAGENTA;
        case "GAMMA" -> YELLOW;
        case "RUN" -> BOLD;
        default -> BLUE;
      };
    }
  }

  String on(Hue hue, String text) {
    return this == NONE || text.isEmpty() ? text : "\u001b[" + hue.code + "m" + text + "\u001b[0m";
  }
}
