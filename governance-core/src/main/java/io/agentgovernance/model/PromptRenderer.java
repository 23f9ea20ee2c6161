// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import java.util.regex.Pattern;

/** Turns untrusted data into delimited text for models that take nothing else. */
final class PromptRenderer {
  /** A "<" that some reader could take for the start of an opening or closing data tag. */
  private static final Pattern DELIMITER =
      Pattern.compile(
          "[<\\uFF1C\\uFE64](?=[\\s\\p{Z}\\p{C}/\\\\]*d\\p{C}*a\\p{C}*t\\p{C}*a)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern UNSAFE_IN_ATTRIBUTE = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]+");

  private PromptRenderer() {}

  static String data(Part.Data data) {
    return "<data name=\""
        + attribute(data.name())
        + "\" source=\""
        + attribute(data.source())
        + "\">\n"
        + neutral(data.content().text())
        + "\n</data>";
  }

  /** The content stays readable; only the delimiter's bracket is written as an entity. */
  static String neutral(String content) {
    return DELIMITER.matcher(content).replaceAll("&lt;");
  }

  private static String attribute(String value) {
    return UNSAFE_IN_ATTRIBUTE
        .matcher(value)
        .replaceAll(" ")
        .replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
