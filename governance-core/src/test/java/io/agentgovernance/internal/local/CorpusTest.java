// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CorpusTest {
  private static final Source OBJECTIVE =
      new Source("objective", "Design a caching strategy for 10k reads/s");
  private static final Source NOTES =
      new Source(
          "notes.md",
          """
          The catalogue has grown. The p99 latency must stay below 40 ms.
          Caching is not in place. We have $300 a month. Redis 7 runs already.
          """);

  private final Corpus corpus = new Corpus(List.of(OBJECTIVE, NOTES));

  @Test
  void findsThePhrasesOfTheObjectiveFirst() {
    assertThat(corpus.phrases(2)).containsExactly("caching strategy", "10k reads/s");
  }

  @Test
  void doesNotTakeTheImperativeForTheSubject() {
    assertThat(corpus.phrases(10)).doesNotContain("Design");
  }

  @Test
  void findsRulesBeforeQuantities() {
    assertThat(corpus.constraints(5))
        .extracting(Passage::quote)
        .containsExactly(
            "The p99 latency must stay below 40 ms.",
            "Design a caching strategy for 10k reads/s",
            "We have $300 a month.");
  }

  @Test
  void aBareNumberIsNoLimit() {
    assertThat(corpus.constraints(9))
        .extracting(Passage::quote)
        .doesNotContain("Redis 7 runs already.");
  }

  @Test
  void readsQuantitiesWithTheirUnits() {
    assertThat(quantity("at most 40 ms per call")).isEqualTo("40 ms");
    assertThat(quantity("serve 10k reads/s")).isEqualTo("10k reads/s");
    assertThat(quantity("writes at 120/s")).isEqualTo("120/s");
    assertThat(quantity("up to 99.9% of them")).isEqualTo("99.9%");
    assertThat(quantity("costs $300, no more")).isEqualTo("$300");
  }

  @Test
  void aVerbAfterANumberIsNoUnit() {
    assertThat(quantity("Redis 7 runs already")).isEqualTo("none");
    assertThat(quantity("version 2.3 must go")).isEqualTo("none");
  }

  @Test
  void givesEachSourceAPlaceAmongTheBest() {
    assertThat(corpus.best(2))
        .extracting(passage -> passage.source().name())
        .containsExactlyInAnyOrder("objective", "notes.md");
  }

  @Test
  void holdsOnlyWhatIsInTheNamedSource() {
    assertThat(corpus.holds("notes.md", "below 40 ms")).isTrue();
    assertThat(corpus.holds("objective", "below 40 ms")).isFalse();
    assertThat(corpus.holds("notes.md", "Below 40 ms")).isFalse();
    assertThat(corpus.holds("other.md", "below 40 ms")).isFalse();
    assertThat(corpus.holds("notes.md", "")).isFalse();
  }

  private static String quantity(String sentence) {
    return new Passage(NOTES, sentence, sentence, 0, 0).quantity().orElse("none");
  }
}
