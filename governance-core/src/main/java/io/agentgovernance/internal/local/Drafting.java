// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import io.agentgovernance.internal.roles.Citation;
import io.agentgovernance.internal.roles.Criteria;
import io.agentgovernance.internal.roles.Finding;
import io.agentgovernance.internal.roles.ProposalDraft;
import io.agentgovernance.internal.roles.Research;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Findings, criteria and proposals out of what the sources say. */
final class Drafting {
  /** Every reply begins with it: nobody is to take the stand-in for a language model. */
  static final String STAND_IN = "local stand-in: ";

  /** The one own criterion that no word of a proposal shows; quotations are checked instead. */
  static final String QUOTES_VERBATIM = "quotes its sources word for word";

  private static final int FINDINGS = 8;
  private static final int CONSTRAINTS = 4;
  private static final int PHRASES = 4;

  private final Corpus corpus;
  private final Material material;

  Drafting(Material material) {
    this.material = material;
    this.corpus = new Corpus(material.sources());
  }

  Corpus corpus() {
    return corpus;
  }

  Research research() {
    return new Research(corpus.best(FINDINGS).stream().map(Drafting::finding).toList(), proposal());
  }

  private static Finding finding(Passage passage) {
    String where = passage.source().label();
    String about = String.join(", ", subjects(passage.quote(), where));
    String claim =
        passage
            .demand()
            .map(word -> where + " makes a rule (" + word + ") about " + about)
            .or(() -> passage.quantity().map(found -> where + " says " + found + " about " + about))
            .orElseGet(() -> where + " speaks of " + about);
    return new Finding(STAND_IN + claim, passage.citation());
  }

  private static List<String> subjects(String quote, String fallback) {
    List<String> words =
        Words.content(quote).stream()
            .filter(word -> Character.isLetter(word.codePointAt(0)))
            .distinct()
            .limit(3)
            .toList();
    return words.isEmpty() ? List.of(fallback) : words;
  }

  Criteria criteria() {
    List<String> criteria = new ArrayList<>();
    for (Passage passage : corpus.constraints(CONSTRAINTS)) {
      criteria.add("keeps to \"" + Words.clip(passage.quote(), 120) + "\"");
    }
    for (String phrase : corpus.phrases(PHRASES)) {
      criteria.add("covers \"" + phrase + "\"");
    }
    criteria.add(QUOTES_VERBATIM);
    return new Criteria(criteria);
  }

  /** A proposal that also answers directives, sub-objectives and objections in the material. */
  ProposalDraft proposal() {
    List<String> phrases = corpus.phrases(PHRASES);
    List<Passage> constraints = corpus.constraints(CONSTRAINTS);
    List<String> steps = new ArrayList<>();
    Source main = corpus.sources().get(0);
    steps.add(
        "Agree on the scope in the words of "
            + main.label()
            + ": \""
            + Words.clip(firstQuote(main), 160)
            + "\".");
    add(steps, "Follow the mediator: ", material.texts("directive"));
    add(steps, "Reach the sub-objective: ", material.texts("sub_objectives"));
    for (Passage passage : constraints) {
      if (passage.quote().equals(firstQuote(main))) {
        continue;
      }
      steps.add(
          "Keep to \""
              + Words.clip(passage.quote(), 160)
              + "\" ("
              + passage.source().label()
              + ") and write down how it is measured.");
    }
    corpus.best(FINDINGS).stream()
        .filter(passage -> !constraints.contains(passage) && !passage.source().isObjective())
        .limit(3)
        .forEach(
            passage ->
                steps.add(
                    "Take up \""
                        + Words.clip(passage.quote(), 160)
                        + "\" ("
                        + passage.source().label()
                        + ")."));
    for (String phrase : phrases) {
      steps.add("Decide on " + phrase + ": list the options, choose one, give the reason.");
    }
    add(steps, "Answer the objection: ", material.texts("critique").stream().limit(3).toList());
    steps.add("Check the result against each passage quoted here and name what stays open.");
    return new ProposalDraft(title(phrases), summary(phrases, constraints), steps, citations());
  }

  private static void add(List<String> steps, String lead, List<String> texts) {
    texts.stream().limit(5).forEach(text -> steps.add(lead + Words.clip(text.strip(), 200)));
  }

  private String title(List<String> phrases) {
    return phrases.isEmpty()
        ? "Plan for: " + Words.clip(firstQuote(corpus.sources().get(0)), 60)
        : "Plan for " + String.join(", ", phrases.subList(0, Math.min(2, phrases.size())));
  }

  private String summary(List<String> phrases, List<Passage> constraints) {
    int count = corpus.sources().size();
    return STAND_IN
        + "this plan comes from deterministic text analysis of "
        + (count == 1 ? "one source" : count + " sources")
        + ", not from a language model. It orders what the sources say"
        + (phrases.isEmpty() ? "" : " about " + String.join(", ", phrases))
        + (constraints.isEmpty()
            ? "; they state no limits or rules."
            : " and keeps to "
                + (constraints.size() == 1
                    ? "the limit or rule they state."
                    : constraints.size() + " limits or rules they state."))
        + " It adds no knowledge of its own.";
  }

  private String firstQuote(Source source) {
    return corpus
        .first(source)
        .map(Passage::quote)
        .orElseGet(() -> Sentences.quote(source.text(), 160));
  }

  /** At least two passages, all verbatim; of a single short sentence also a part of it. */
  List<Citation> citations() {
    Set<Citation> citations = new LinkedHashSet<>();
    corpus.best(5).forEach(passage -> citations.add(passage.citation()));
    corpus.constraints(2).forEach(passage -> citations.add(passage.citation()));
    Source main = corpus.sources().get(0);
    for (String phrase : corpus.phrases(2)) {
      if (citations.size() < 2 && main.text().contains(phrase)) {
        citations.add(new Citation(main.name(), phrase));
      }
    }
    List<Citation> enough = new ArrayList<>(citations);
    String whole = Sentences.quote(main.text(), 160);
    for (int length = whole.length(); enough.size() < 2; length /= 2) {
      Citation part = new Citation(main.name(), Words.clip(whole, Math.max(2, length)));
      if (length < 2 || !enough.contains(part)) {
        enough.add(part);
      }
    }
    return enough;
  }
}
