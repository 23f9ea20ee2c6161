// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import io.agentgovernance.BadInputException;
import java.util.ArrayList;
import java.util.List;

/** JSON pointers, RFC 6901. */
final class Pointer {
  private static final int MAX_INDEX_DIGITS = 9;

  private Pointer() {}

  static List<String> parse(String pointer) {
    if (pointer.isEmpty()) {
      return List.of();
    }
    if (pointer.charAt(0) != '/') {
      throw bad("no slash at the beginning");
    }
    var tokens = new ArrayList<String>();
    for (var token : pointer.substring(1).split("/", -1)) {
      tokens.add(unescape(token));
    }
    return tokens;
  }

  /** The array index a token stands for; larger than any array if it stands for none. */
  static int index(String token) {
    boolean digits = !token.isEmpty() && token.chars().allMatch(c -> c >= '0' && c <= '9');
    boolean canonical = token.length() == 1 || !token.startsWith("0");
    return digits && canonical && token.length() <= MAX_INDEX_DIGITS
        ? Integer.parseInt(token)
        : Integer.MAX_VALUE;
  }

  private static String unescape(String token) {
    for (int i = token.indexOf('~'); i >= 0; i = token.indexOf('~', i + 1)) {
      char next = i + 1 < token.length() ? token.charAt(i + 1) : ' ';
      if (next != '0' && next != '1') {
        throw bad("a '~' that is followed by neither 0 nor 1");
      }
    }
    return token.replace("~1", "/").replace("~0", "~");
  }

  private static BadInputException bad(String found) {
    return new BadInputException(
        "JSON pointer",
        found,
        "an empty pointer, or tokens that each begin with '/' (RFC 6901)",
        "Write /a/0/b, with ~0 for '~' and ~1 for '/' inside a token");
  }
}
