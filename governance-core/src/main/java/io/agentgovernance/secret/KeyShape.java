// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a kind of key. The pattern is tried only on texts that are long enough and hold one
 * of the hints, which is quick to find out.
 *
 * @param hints what a match has in it, one of them; empty to try every text
 * @param shortest how many characters a match has at least
 * @param pattern the shape
 * @param grouped whether its group named {@code secret} is what is masked, rather than all of it
 */
record KeyShape(List<Hint> hints, int shortest, Pattern pattern, boolean grouped) {

  /**
   * A text that is quick to look for, and a character that has to stand near it.
   *
   * @param place how far behind the begin of the text the character stands
   * @param mark the character; 0 for any
   */
  record Hint(String text, int place, char mark) {
    static Hint of(String text) {
      return new Hint(text, 0, '\0');
    }

    boolean isIn(String all) {
      for (int at = all.indexOf(text); at >= 0; at = all.indexOf(text, at + 1)) {
        if (mark == 0 || (at + place < all.length() && all.charAt(at + place) == mark)) {
          return true;
        }
      }
      return false;
    }
  }

  /** In the order of how often they are met. */
  static final List<KeyShape> WELL_KNOWN =
      List.of(
          of(19, "\\bsk-(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{16,}", Hint.of("sk-")),
          of(16, "\\bhv[sbr]\\.[A-Za-z0-9_-]{12,}", new Hint("hv", 3, '.')),
          of(24, "\\bgh[pousr]_[A-Za-z0-9]{20,}", new Hint("gh", 3, '_')),
          of(33, "\\bgithub_pat_[A-Za-z0-9_]{22,}", Hint.of("github_pat_")),
          of(15, "\\bxox[abeprs]-[A-Za-z0-9-]{10,}", Hint.of("xox")),
          of(20, "\\bAKIA[0-9A-Z]{16}\\b", Hint.of("AKIA")),
          of(
              15,
              "(?i)\\bbearer\\s{1,8}(?<secret>(?=[^\\s\"]*[0-9])[A-Za-z0-9._~+/=-]{8,})",
              Hint.of("earer"),
              Hint.of("EARER")),
          of(24, "\\beyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*", Hint.of("eyJ")),
          of(
              27,
              "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:[A-Za-z0-9+/=\\s\\\\:,-]*?"
                  + "-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|[A-Za-z0-9+/=\\s\\\\]*)",
              Hint.of("PRIVATE KEY-----")),
          of(6, "://[^/\\s:@\"]{0,256}:(?<secret>[^/\\s@\"]{1,256})@", Hint.of("@")));

  static KeyShape of(Pattern pattern) {
    return new KeyShape(List.of(), 0, pattern, pattern.pattern().contains("(?<secret>"));
  }

  private static KeyShape of(int shortest, String pattern, Hint... hints) {
    return new KeyShape(
        List.of(hints), shortest, Pattern.compile(pattern), pattern.contains("(?<secret>"));
  }

  /** Adds what it finds, as pairs of begin and end. */
  @Nullable List<int[]> find(String text, @Nullable List<int[]> known) {
    if (text.length() < shortest || !hinted(text)) {
      return known;
    }
    List<int[]> found = known;
    for (Matcher matcher = pattern.matcher(text); matcher.find(); ) {
      int begin = grouped ? matcher.start("secret") : matcher.start();
      int end = grouped ? matcher.end("secret") : matcher.end();
      if (begin >= 0 && begin < end) {
        if (found == null) {
          found = new ArrayList<>(2);
        }
        found.add(new int[] {begin, end});
      }
    }
    return found;
  }

  private boolean hinted(String text) {
    for (int i = 0; i < hints.size(); i++) { // an iterator for each text of a run would be many
      if (hints.get(i).isIn(text)) {
        return true;
      }
    }
    return hints.isEmpty();
  }
}
