// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import static java.util.stream.Collectors.joining;

import io.agentgovernance.internal.roles.Citation;
import io.agentgovernance.internal.roles.Evaluation;
import io.agentgovernance.internal.roles.ProposalDraft;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Judges proposals by what can be checked: quotations and the words of criteria. */
final class Judging {
  private static final int CITATIONS = 2;
  private static final int COVERED = 2;
  private static final Pattern QUOTED = Pattern.compile("[\"“](.+)[\"”]", Pattern.DOTALL);

  private final Material material;
  private final Drafting drafting;

  Judging(Material material, Drafting drafting) {
    this.material = material;
    this.drafting = drafting;
  }

  Evaluation evaluate() {
    List<Material.Posted> posted = material.proposals("proposal", "proposals");
    if (posted.isEmpty()) {
      return reject(List.of("the prompt holds no proposal to judge"));
    }
    ProposalDraft draft = posted.get(posted.size() - 1).draft();
    List<String> criteria = criteria();
    List<String> covered = criteria.stream().filter(one -> covers(draft, one)).toList();
    List<String> reasons = citationFaults(draft);
    int wanted = Math.min(COVERED, criteria.size());
    if (covered.size() < wanted) {
      List<String> missed = criteria.stream().filter(one -> !covered.contains(one)).toList();
      reasons.add(
          "of "
              + criteria.size()
              + " criteria it covers "
              + covered.size()
              + ", "
              + wanted
              + " are needed; it misses: "
              + shown(missed));
    }
    if (!reasons.isEmpty()) {
      return reject(reasons);
    }
    return new Evaluation(
        Evaluation.ACCEPT,
        Drafting.STAND_IN
            + "all "
            + draft.citations().size()
            + " quotations are in the sources word for word; "
            + covered.size()
            + " of "
            + criteria.size()
            + " criteria are covered: "
            + shown(covered),
        null);
  }

  private Evaluation reject(List<String> reasons) {
    return new Evaluation(
        Evaluation.REJECT, Drafting.STAND_IN + String.join("; ", reasons), drafting.proposal());
  }

  /** The criteria of the prompt that name words to look for, else criteria of its own. */
  private List<String> criteria() {
    List<String> given = material.texts("criteria");
    return (given.isEmpty() ? drafting.criteria().criteria() : given)
        .stream()
            .filter(one -> !wanted(one).isEmpty() && !one.equals(Drafting.QUOTES_VERBATIM))
            .toList();
  }

  private List<String> citationFaults(ProposalDraft draft) {
    List<String> faults = new ArrayList<>();
    if (draft.citations().size() < CITATIONS) {
      faults.add(
          "it has " + draft.citations().size() + " quotations, " + CITATIONS + " are needed");
    }
    for (int i = 0; i < draft.citations().size(); i++) {
      Citation citation = draft.citations().get(i);
      if (!drafting.corpus().holds(citation.source(), citation.quote())) {
        faults.add(
            "quotation "
                + (i + 1)
                + " (\""
                + Words.clip(citation.quote(), 60)
                + "\") is not in '"
                + Words.clip(citation.source(), 60)
                + "' word for word");
      }
    }
    return faults;
  }

  /** How much a proposal has of what can be checked; more is better. */
  int merit(ProposalDraft draft) {
    long verbatim =
        draft.citations().stream()
            .filter(one -> drafting.corpus().holds(one.source(), one.quote()))
            .count();
    long covered = criteria().stream().filter(one -> covers(draft, one)).count();
    return (int) (10 * Math.min(verbatim, 10) + covered) - 20 * citationFaults(draft).size();
  }

  /** Whether all quoted words of a criterion, or half of an unquoted one's, are in the proposal. */
  static boolean covers(ProposalDraft draft, String criterion) {
    List<String> wanted = wanted(criterion);
    Set<String> words = new HashSet<>(Words.content(draft.title()));
    words.addAll(Words.content(draft.summary()));
    draft.steps().forEach(step -> words.addAll(Words.content(step)));
    long found = wanted.stream().filter(words::contains).count();
    boolean quoted = QUOTED.matcher(criterion).find();
    return !wanted.isEmpty() && (quoted ? found == wanted.size() : 2 * found >= wanted.size());
  }

  private static List<String> wanted(String criterion) {
    Matcher quoted = QUOTED.matcher(criterion);
    return Words.content(quoted.find() ? quoted.group(1) : criterion).stream().distinct().toList();
  }

  private static String shown(List<String> criteria) {
    return criteria.isEmpty()
        ? "none"
        : criteria.stream().limit(6).map(one -> Words.clip(one, 80)).collect(joining("; "));
  }
}
