// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import org.junit.jupiter.api.Test;

class SentencesTest {
  @Test
  void endWhereSentencesEnd() {
    assertThat(Sentences.of("One. Two! \"Three?\" Four"))
        .containsExactly("One.", "Two!", "\"Three?\"", "Four");
  }

  @Test
  void doNotEndAtAbbreviationsAndNumbers() {
    assertThat(Sentences.of("Use Redis, e.g. version 7.2. Ask Dr. Who at 3.5 s."))
        .containsExactly("Use Redis, e.g. version 7.2.", "Ask Dr. Who at 3.5 s.");
  }

  @Test
  void loseTheMarksOfLinesAndHeadings() {
    assertThat(Sentences.of("# Title\nText goes\non here.\n\n- first\n- second\n1. third\n> said"))
        .containsExactly("Title", "Text goes\non here.", "first", "second", "third", "said");
  }

  @Test
  void endInOtherScriptsToo() {
    assertThat(Sentences.of("データを守る。速くする。")).containsExactly("データを守る。", "速くする。");
  }

  @Test
  void areNotMadeOfMarksAlone() {
    assertThat(Sentences.of("---\n\n***\n. . .\n|---|---|")).isEmpty();
  }

  @Test
  void surviveWhatRegularExpressionsFear() {
    for (String unit : List.of("a-", "- ", "a.", "((", "1) ", "\"", "a\n", "# ", " ", "9,", "…")) {
      String text = unit.repeat(40_000);
      assertThatCode(
              () -> {
                new Corpus(List.of(new Source("a", text))).phrases(3);
              })
          .as(unit)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void areQuotedByTheirLongestLine() {
    assertThat(Sentences.quote("short\na longer line here\nend", 200))
        .isEqualTo("a longer line here");
  }

  @Test
  void areClippedBetweenWordsAndNeverInsideACharacter() {
    assertThat(Words.clip("one two three four", 12)).isEqualTo("one two");
    assertThat(Words.clip("🙂🙂🙂🙂", 5)).isEqualTo("🙂🙂");
    assertThat(Words.clip("short", 5)).isEqualTo("short");
  }
}
