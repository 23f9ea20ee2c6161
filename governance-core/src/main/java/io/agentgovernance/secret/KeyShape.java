// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a kind of key. The pattern is tried only on texts that hold one of the hints, which
 * is quick to find out.
 *
 * @param hints texts of which a match holds one; empty to try every text
 * @param pattern the shape; its group named {@code secret}, if it has one, is what is masked
 */
record KeyShape(List<String> hints, Pattern pattern, boolean grouped) {

  /** In the order of how often they are met. */
  static final List<KeyShape> WELL_KNOWN =
      List.of(
          of("sk-", "\\bsk-(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{16,}"),
          of(List.of("hvs.", "hvb.", "hvr."), "\\bhv[sbr]\\.[A-Za-z0-9_-]{12,}"),
          of(List.of("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), "\\bgh[pousr]_[A-Za-z0-9]{20,}"),
          of("github_pat_", "\\bgithub_pat_[A-Za-z0-9_]{22,}"),
          of("xox", "\\bxox[abeprs]-[A-Za-z0-9-]{10,}"),
          of("AKIA", "\\bAKIA[0-9A-Z]{16}\\b"),
          of(
              List.of("Bearer", "bearer", "BEARER"),
              "(?i)\\bbearer\\s{1,8}(?<secret>(?=[^\\s\"]*[0-9])[A-Za-z0-9._~+/=-]{8,})"),
          of("eyJ", "\\beyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"),
          of(
              "PRIVATE KEY-----",
              "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:[A-Za-z0-9+/=\\s\\\\:,-]*?"
                  + "-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|[A-Za-z0-9+/=\\s\\\\]*)"),
          of("@", "://[^/\\s:@\"]{0,256}:(?<secret>[^/\\s@\"]{1,256})@"));

  static KeyShape of(Pattern pattern) {
    return new KeyShape(List.of(), pattern, pattern.pattern().contains("(?<secret>"));
  }

  private static KeyShape of(String hint, String pattern) {
    return of(List.of(hint), pattern);
  }

  private static KeyShape of(List<String> hints, String pattern) {
    return new KeyShape(hints, Pattern.compile(pattern), pattern.contains("(?<secret>"));
  }

  /** Adds what it finds, as pairs of begin and end. */
  @Nullable List<int[]> find(String text, @Nullable List<int[]> known) {
    if (!hinted(text)) {
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
      if (text.contains(hints.get(i))) {
        return true;
      }
    }
    return hints.isEmpty();
  }
}
