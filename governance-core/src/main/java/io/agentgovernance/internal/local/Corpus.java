// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * What counting and looking can tell about some sources. Nothing in it depends on chance or time.
 */
final class Corpus {
  private static final int MAX_SENTENCES = 2_000;
  private static final int MAX_PHRASE_WORDS = 3;
  private static final int QUOTE = 200;

  private final List<Source> sources;
  private final List<Passage> passages = new ArrayList<>();
  private final Map<String, Integer> weights = new HashMap<>();
  private final List<Passage> ranked;

  Corpus(List<Source> sources) {
    this.sources = List.copyOf(sources);
    for (Source source : sources) {
      List<String> sentences = Sentences.of(source.text());
      for (int i = 0; i < sentences.size() && passages.size() < MAX_SENTENCES; i++) {
        String sentence = sentences.get(i);
        passages.add(
            new Passage(source, sentence, Sentences.quote(sentence, QUOTE), i, passages.size()));
        for (String word : Words.content(sentence)) {
          weights.merge(word, source.isObjective() ? 3 : 1, Integer::sum);
        }
      }
    }
    this.ranked = ranked();
  }

  List<Source> sources() {
    return sources;
  }

  /** Says whether a source of this name holds the quotation word for word. */
  boolean holds(String source, String quote) {
    return !quote.isEmpty()
        && sources.stream()
            .anyMatch(one -> one.name().equals(source) && one.text().contains(quote));
  }

  /** The passages that say most, best first; each source has one among them if there is room. */
  List<Passage> best(int limit) {
    Set<Passage> chosen = new HashSet<>();
    for (Source source : sources) {
      ranked.stream()
          .filter(passage -> passage.source().equals(source) && chosen.size() < limit)
          .findFirst()
          .ifPresent(chosen::add);
    }
    ranked.stream().limit(limit).filter(one -> chosen.size() < limit).forEach(chosen::add);
    return ranked.stream().filter(chosen::contains).toList();
  }

  /** The first passage of a source. */
  Optional<Passage> first(Source source) {
    return passages.stream().filter(passage -> passage.source().equals(source)).findFirst();
  }

  /** The passages that demand, then those that only name a quantity, as the sources have them. */
  List<Passage> constraints(int limit) {
    return passages.stream()
        .filter(Passage::isConstraint)
        .sorted(Comparator.comparing(passage -> passage.demand().isEmpty()))
        .limit(limit)
        .toList();
  }

  private List<Passage> ranked() {
    Map<Passage, Integer> scores = new HashMap<>();
    passages.forEach(passage -> scores.put(passage, score(passage)));
    return passages.stream()
        .sorted(
            Comparator.<Passage>comparingInt(passage -> scores.getOrDefault(passage, 0))
                .reversed()
                .thenComparingInt(Passage::ordinal))
        .toList();
  }

  private int score(Passage passage) {
    List<String> words = Words.content(passage.sentence());
    int sum = words.stream().distinct().mapToInt(word -> weights.getOrDefault(word, 0)).sum();
    int density = 100 * sum / (4 + words.size());
    return density + (passage.isConstraint() ? 60 : 0) + 40 / (1 + passage.index());
  }

  /**
   * Phrases the sources keep coming back to, verbatim, best first, no two alike. Runs of
   * subject-bearing words are weighed by how often their words occur and how early they come.
   */
  List<String> phrases(int limit) {
    Map<String, Candidate> candidates = new LinkedHashMap<>();
    for (Passage passage : passages) {
      for (String phrase : runs(passage.sentence())) {
        candidates.computeIfAbsent(
            phrase.toLowerCase(Locale.ROOT),
            key -> new Candidate(phrase, phraseScore(phrase, passage), candidates.size()));
      }
    }
    Set<String> seen = new LinkedHashSet<>();
    return candidates.values().stream()
        .sorted(
            Comparator.comparingInt(Candidate::score)
                .reversed()
                .thenComparingInt(Candidate::ordinal))
        .filter(candidate -> seen.addAll(Words.content(candidate.text())))
        .limit(limit)
        .map(Candidate::text)
        .toList();
  }

  private int phraseScore(String phrase, Passage passage) {
    List<String> words = Words.content(phrase);
    int sum = words.stream().mapToInt(word -> weights.getOrDefault(word, 0)).sum();
    return 100 * sum / Math.max(1, words.size())
        + 60 * words.size()
        + (passage.source().isObjective() ? 150 : 0)
        + 50 / (1 + passage.index());
  }

  /** Runs of up to three subject-bearing words with nothing but space between them. */
  private static List<String> runs(String sentence) {
    List<String> runs = new ArrayList<>();
    Matcher word = Words.WORD.matcher(sentence);
    int start = -1;
    int end = -1;
    int count = 0;
    while (word.find()) {
      boolean joins =
          start >= 0
              && count < MAX_PHRASE_WORDS
              && sentence.substring(end, word.start()).matches("[ \\t]+");
      boolean empty =
          Words.isStopWord(word.group()) || (word.start() == 0 && Words.isImperative(word.group()));
      if (start >= 0 && (!joins || empty)) {
        addRun(sentence.substring(start, end), runs);
        start = -1;
      }
      if (!empty) {
        count = start < 0 ? 1 : count + 1;
        start = start < 0 ? word.start() : start;
        end = word.end();
      }
    }
    if (start >= 0) {
      addRun(sentence.substring(start, end), runs);
    }
    return runs;
  }

  private static void addRun(String run, List<String> runs) {
    if (run.length() <= 80 && (run.length() > 1 || Character.isIdeographic(run.codePointAt(0)))) {
      runs.add(run);
    }
  }

  private record Candidate(String text, int score, int ordinal) {}
}
