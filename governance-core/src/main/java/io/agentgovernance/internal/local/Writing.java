// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import io.agentgovernance.internal.roles.Citation;
import io.agentgovernance.internal.roles.ProposalDraft;
import io.agentgovernance.internal.roles.Solution;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes the solution out of an accepted proposal and the sources. */
final class Writing {
  private static final int CITATIONS = 10;

  private final Material material;
  private final Drafting drafting;

  Writing(Material material, Drafting drafting) {
    this.material = material;
    this.drafting = drafting;
  }

  Solution solution() {
    List<Material.Posted> posted = material.proposals("proposal", "proposals");
    ProposalDraft plan =
        posted.isEmpty() ? drafting.proposal() : posted.get(posted.size() - 1).draft();
    List<Citation> citations = citations(plan);
    return new Solution(Words.clip(plan.title(), 120), body(plan, citations), citations);
  }

  /** Those of the proposal that really are in the sources, and own ones. */
  private List<Citation> citations(ProposalDraft plan) {
    Set<Citation> citations = new LinkedHashSet<>();
    plan.citations().stream()
        .filter(one -> drafting.corpus().holds(one.source(), one.quote()))
        .forEach(citations::add);
    citations.addAll(drafting.citations());
    return citations.size() < 2
        ? drafting.citations()
        : citations.stream().limit(CITATIONS).toList();
  }

  private String body(ProposalDraft plan, List<Citation> citations) {
    List<String> lines = new ArrayList<>();
    lines.add("> " + Drafting.STAND_IN + "no language model is behind this text.");
    lines.add(
        "> It is put together by deterministic text analysis of the objective and documents.");
    lines.add("");
    lines.add("# " + oneLine(plan.title(), 120));
    lines.add("");
    lines.add(oneLine(plan.summary(), 800));
    lines.add("");
    lines.add("## Steps");
    lines.add("");
    for (int i = 0; i < Math.min(20, plan.steps().size()); i++) {
      lines.add((i + 1) + ". " + oneLine(plan.steps().get(i), 300));
    }
    section(lines, "Limits and rules", constraints());
    section(
        lines,
        "What the sources say",
        citations.stream()
            .map(one -> "\"" + oneLine(one.quote(), 200) + "\" (" + oneLine(one.source(), 80) + ")")
            .toList());
    section(lines, "Criteria", criteria(plan));
    section(lines, "Open", List.of("Whatever the sources do not say; nothing was added to them."));
    return String.join("\n", lines) + "\n";
  }

  private List<String> constraints() {
    return drafting.corpus().constraints(8).stream()
        .map(
            passage ->
                "\""
                    + Words.clip(passage.quote(), 200)
                    + "\" ("
                    + oneLine(passage.source().label(), 80)
                    + ")")
        .toList();
  }

  private List<String> criteria(ProposalDraft plan) {
    return material.texts("criteria").stream()
        .filter(one -> !one.equals(Drafting.QUOTES_VERBATIM))
        .limit(8)
        .map(
            one ->
                (Judging.covers(plan, one) ? "taken up: " : "not shown to be taken up: ")
                    + oneLine(one, 160))
        .toList();
  }

  private static void section(List<String> lines, String title, List<String> items) {
    if (!items.isEmpty()) {
      lines.add("");
      lines.add("## " + title);
      lines.add("");
      items.forEach(item -> lines.add("- " + item));
    }
  }

  private static String oneLine(String text, int limit) {
    return Words.clip(text.strip().replaceAll("\\s+", " "), limit);
  }
}
