// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.model;

import java.util.function.Function;

/** Finds the stretches of a text that may be JSON values. */
final class JsonCandidates {
  /** Bounds the work on garbage such as a megabyte of opening brackets. */
  private static final int MAX_STARTS = 64;

  private JsonCandidates() {}

  /**
   * Calls {@code accept} with the whole text, then with each balanced object or array, until it
   * says {@link Answer#DONE}. What lies inside a rejected stretch is tried too.
   */
  static void search(String text, Function<String, Answer> accept) {
    if (accept.apply(text) != Answer.NOT_JSON) {
      return;
    }
    int at = nextStart(text, 0);
    for (int starts = 0; at >= 0 && starts < MAX_STARTS; starts++) {
      int end = balancedEnd(text, at);
      Answer answer = end < 0 ? Answer.NOT_JSON : accept.apply(text.substring(at, end));
      if (answer == Answer.DONE) {
        return;
      }
      at = nextStart(text, answer == Answer.NOT_JSON ? at + 1 : end);
    }
  }

  /** What the caller thinks of a stretch. */
  enum Answer {
    /** The search is over. */
    DONE,
    /** It is JSON but not the wanted value: go on after it. */
    OTHER_JSON,
    /** It is not JSON: look inside it too. */
    NOT_JSON
  }

  private static int nextStart(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '{' || c == '[') {
        return i;
      }
    }
    return -1;
  }

  /** Where the value beginning at {@code start} ends, exclusive; -1 if it never does. */
  private static int balancedEnd(String text, int start) {
    StringBuilder open = new StringBuilder();
    boolean inString = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (inString) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          inString = false;
        }
      } else if (c == '"') {
        inString = true;
      } else if (c == '{' || c == '[') {
        open.append(c);
      } else if (c == '}' || c == ']') {
        int last = open.length() - 1;
        if (open.charAt(last) != (c == '}' ? '{' : '[')) {
          return -1;
        }
        open.setLength(last);
        if (last == 0) {
          return i + 1;
        }
      }
    }
    return -1;
  }
}
