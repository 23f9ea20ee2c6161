// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import io.agentgovernance.internal.roles.Mediation;
import io.agentgovernance.internal.roles.ProposalDraft;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gets a team moving: chooses or merges proposals, divides the objective, names a next action. */
final class Mediating {
  private static final int PARTS = 4;

  private final Material material;
  private final Drafting drafting;
  private final Judging judging;

  Mediating(Material material, Drafting drafting, Judging judging) {
    this.material = material;
    this.drafting = drafting;
    this.judging = judging;
  }

  Mediation mediate() {
    List<Material.Posted> posted = material.proposals("proposals", "proposal");
    return posted.isEmpty() ? divide() : decide(posted);
  }

  private Mediation decide(List<Material.Posted> posted) {
    Material.Posted best = posted.get(0);
    for (Material.Posted other : posted) {
      if (judging.merit(other.draft()) > judging.merit(best.draft())) {
        best = other;
      }
    }
    @Nullable String chosen = judging.merit(best.draft()) > 0 ? best.id() : null;
    String title = Words.clip(best.draft().title(), 120);
    String directive =
        chosen == null
            ? "no proposal can stand as it is; go on with the merged one, whose quotations are in"
                + " the sources."
            : "go on with \""
                + title
                + "\": of "
                + posted.size()
                + " proposals it has most verbatim quotations and covers most criteria.";
    return new Mediation(
        Drafting.STAND_IN + directive, chosen, chosen == null ? merged(posted) : null, List.of());
  }

  /** An own proposal, which is sure to quote well, with the first steps of the others. */
  private ProposalDraft merged(List<Material.Posted> posted) {
    ProposalDraft own = drafting.proposal();
    List<String> steps = new ArrayList<>(own.steps());
    int last = steps.size() - 1;
    for (Material.Posted other : posted.subList(0, Math.min(3, posted.size()))) {
      other.draft().steps().stream()
          .map(step -> Words.clip(step, 200))
          .filter(step -> !steps.contains(step))
          .limit(2)
          .forEach(step -> steps.add(last, step));
    }
    return new ProposalDraft(own.title(), own.summary(), steps, own.citations());
  }

  private Mediation divide() {
    List<String> parts = new ArrayList<>();
    drafting
        .corpus()
        .constraints(2)
        .forEach(passage -> parts.add("Keep to \"" + Words.clip(passage.quote(), 160) + "\""));
    for (String phrase : drafting.corpus().phrases(PARTS)) {
      if (parts.size() < PARTS) {
        parts.add("Settle " + phrase);
      }
    }
    String first = parts.isEmpty() ? "write down what is known" : parts.get(0);
    return new Mediation(
        Drafting.STAND_IN
            + "ALPHA posts a proposal for the first part ("
            + first
            + ") now; BETA states which criterion decides it.",
        null,
        null,
        parts);
  }
}
