// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words, and the ones that carry no subject. */
final class Words {
  static final Pattern WORD =
      Pattern.compile("[\\p{L}\\p{N}]+(?:[-'’_/.][\\p{L}\\p{N}]++){0,8}[%+#]{0,2}");

  private static final Set<String> STOP =
      Arrays.stream(
              """
              a about above after again already against all also although always am among an and any are as
              at be because been before being below between both but by can could did do does doing
              done down during each either else etc even ever every few first for from further get
              given gives go goes had has have having he her here hers him his how however i if in
              into is it its itself just last least less let like made make makes many may me might
              more most much must my need needs neither never no nor not now of off often on once
              one only onto or other otherwise our out over own per please rather same shall she
              should since so some still such take takes than that the their them then there
              therefore these they this those though three through thus to too toward towards two
              under until up upon us use used uses using very via was we well were what when where
              whether which while who whom whose why will with within without would yet you your
              e.g i.e vs
              """
                  .split("\\s+"))
          .filter(word -> !word.isEmpty())
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> IMPERATIVES =
      Set.of(
          "add",
          "analyse",
          "analyze",
          "answer",
          "assess",
          "build",
          "choose",
          "compare",
          "create",
          "define",
          "describe",
          "design",
          "develop",
          "draft",
          "evaluate",
          "explain",
          "find",
          "implement",
          "improve",
          "plan",
          "prepare",
          "propose",
          "recommend",
          "review",
          "suggest",
          "write");

  private Words() {}

  static boolean isStopWord(String word) {
    return STOP.contains(word.toLowerCase(Locale.ROOT));
  }

  /** The subject-bearing words of a text in lower case, in order, repeated ones kept. */
  static List<String> content(String text) {
    return WORD.matcher(text)
        .results()
        .map(MatchResult::group)
        .map(word -> word.toLowerCase(Locale.ROOT))
        .filter(word -> !STOP.contains(word))
        .toList();
  }

  /** Says whether a word that begins a sentence tells what to do and not what it is about. */
  static boolean isImperative(String word) {
    return IMPERATIVES.contains(word.toLowerCase(Locale.ROOT));
  }

  /** The text up to so many UTF-16 units, cut between words if it can be, never inside a pair. */
  static String clip(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int space = limit;
    while (space > limit / 2 && !Character.isWhitespace(text.charAt(space))) {
      space--;
    }
    int end = space > limit / 2 ? space : limit;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end).strip();
  }
}
