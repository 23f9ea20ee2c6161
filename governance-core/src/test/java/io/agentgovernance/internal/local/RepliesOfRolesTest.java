// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.internal.roles.Citation;
import io.agentgovernance.internal.roles.Criteria;
import io.agentgovernance.internal.roles.Evaluation;
import io.agentgovernance.internal.roles.Mediation;
import io.agentgovernance.internal.roles.ProposalDraft;
import io.agentgovernance.internal.roles.Research;
import io.agentgovernance.internal.roles.Solution;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepliesOfRolesTest {
  private static final String OBJECTIVE = "Design a caching strategy for 10k reads/s";
  private static final String NOTES =
      "# Reads\n\nThe p99 latency must stay below 40 ms.\nPrices may never be stale.\n";
  private static final Prompt PROMPT =
      Prompt.user("Go on").data("objective", OBJECTIVE).document("notes.md", NOTES);
  private static final List<Citation> REAL =
      List.of(
          new Citation("objective", "caching strategy"),
          new Citation("notes.md", "Prices may never be stale."));

  @Test
  void acceptsItsOwnProposalByItsOwnCriteria() {
    Criteria criteria = ask(PROMPT, Criteria.class);
    Research research = ask(PROMPT, Research.class);

    var vote =
        ask(
            PROMPT.data("criteria", criteria).data("proposal", research.proposal()),
            Evaluation.class);

    assertThat(vote.accepts()).isTrue();
    assertThat(vote.reason()).contains("quotations are in the sources word for word");
    assertThat(vote.counterProposal()).isNull();
  }

  @Test
  void rejectsAQuotationThatIsNotInItsSource() {
    var draft =
        draft(
            "A caching strategy that keeps the p99 latency",
            List.of(REAL.get(0), new Citation("notes.md", "Prices may be stale.")));

    Evaluation vote = ask(PROMPT.data("proposal", draft), Evaluation.class);

    assertThat(vote.accepts()).isFalse();
    assertThat(vote.reason())
        .contains("quotation 2 (\"Prices may be stale.\") is not in 'notes.md' word for word");
  }

  @Test
  void rejectsAQuotationOfTheWrongSource() {
    var wrong = List.of(REAL.get(0), new Citation("objective", "Prices may never be stale."));

    Evaluation vote = ask(PROMPT.data("proposal", draft("caching", wrong)), Evaluation.class);

    assertThat(vote.reason()).contains("is not in 'objective' word for word");
  }

  @Test
  void rejectsTooFewQuotations() {
    Evaluation vote =
        ask(PROMPT.data("proposal", draft("caching", REAL.subList(0, 1))), Evaluation.class);

    assertThat(vote.accepts()).isFalse();
    assertThat(vote.reason()).contains("it has 1 quotations, 2 are needed");
  }

  @Test
  void rejectsAProposalThatMissesTheCriteriaAndNamesThem() {
    var criteria = new Criteria(List.of("covers \"price alarms\"", "keeps to \"40 ms\""));

    Evaluation vote =
        ask(
            PROMPT.data("criteria", criteria).data("proposal", draft("Something else", REAL)),
            Evaluation.class);

    assertThat(vote.accepts()).isFalse();
    assertThat(vote.reason())
        .contains("of 2 criteria it covers 0, 2 are needed")
        .contains("price alarms");
  }

  @Test
  void aRejectionComesWithACounterProposalThatWouldBeAccepted() {
    var criteria = ask(PROMPT, Criteria.class);
    Prompt prompt = PROMPT.data("criteria", criteria);
    Evaluation vote = ask(prompt.data("proposal", draft("Nothing", List.of())), Evaluation.class);

    Evaluation next = ask(prompt.data("proposal", vote.counterProposal()), Evaluation.class);

    assertThat(vote.accepts()).isFalse();
    assertThat(next.accepts()).isTrue();
  }

  @Test
  void rejectsWhenThereIsNothingToJudge() {
    assertThat(ask(PROMPT, Evaluation.class).reason()).contains("holds no proposal");
  }

  @Test
  void findsAProposalInsideWhatTheTeamPosted() {
    var posted =
        Map.of("id", "p1", "author", "run-alpha", "content", draft("A caching strategy", REAL));

    Evaluation vote =
        ask(
            PROMPT
                .data("criteria", List.of("covers \"caching\""))
                .data("proposal", Payload.text(Payload.of(posted).json())),
            Evaluation.class);

    assertThat(vote.accepts()).isTrue();
  }

  @Test
  void aRevisedProposalAnswersTheCritique() {
    ProposalDraft revised =
        ask(
            PROMPT.data("proposal", draft("x", REAL)).data("critique", "Say who pays."),
            ProposalDraft.class);

    assertThat(revised.steps()).contains("Answer the objection: Say who pays.");
  }

  @Test
  void aProposalFollowsTheMediator() {
    Research research =
        ask(
            PROMPT
                .data("directive", "Begin with prices.")
                .data("sub_objectives", List.of("Part A")),
            Research.class);

    assertThat(research.proposal().steps())
        .contains("Follow the mediator: Begin with prices.", "Reach the sub-objective: Part A");
  }

  @Test
  void theSolutionIsTheAcceptedProposalsWithItsVerbatimQuotationsOnly() {
    var draft =
        draft("Tiered cache", List.of(REAL.get(1), new Citation("notes.md", "made up by someone")));

    Solution solution = ask(PROMPT.data("proposal", draft), Solution.class);

    assertThat(solution.title()).isEqualTo("Tiered cache");
    assertThat(solution.body()).contains("1. Do it").doesNotContain("made up");
    assertThat(solution.citations()).contains(REAL.get(1)).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void theMediatorChoosesTheProposalThatQuotesBest() {
    var posted =
        List.of(
            Map.of("id", "p1", "content", draft("caching strategy", List.of())),
            Map.of("id", "p2", "content", draft("caching strategy", REAL)));

    Mediation mediation = ask(PROMPT.data("proposals", posted), Mediation.class);

    assertThat(mediation.chosenProposalId()).isEqualTo("p2");
    assertThat(mediation.merged()).isNull();
  }

  @Test
  void theMediatorMergesWhenNoProposalCanStand() {
    var bad = List.of(new Citation("notes.md", "made up"), new Citation("x.md", "also made up"));
    var posted =
        List.of(
            Map.of("id", "p1", "content", draft("One", bad)),
            Map.of("id", "p2", "content", draft("Two", bad)));

    Mediation mediation = ask(PROMPT.data("proposals", posted), Mediation.class);

    assertThat(mediation.chosenProposalId()).isNull();
    assertThat(mediation.merged()).isNotNull();
    assertThat(mediation.merged().steps()).contains("Do it");
    assertThat(mediation.merged().citations()).doesNotContainAnyElementsOf(bad);
  }

  @Test
  void theMediatorDividesTheObjectiveWhenThereIsNoProposal() {
    Mediation mediation = ask(PROMPT, Mediation.class);

    assertThat(mediation.chosenProposalId()).isNull();
    assertThat(mediation.subObjectives()).hasSizeBetween(2, 5).doesNotHaveDuplicates();
    assertThat(mediation.directive()).startsWith("local stand-in: ").contains("ALPHA", "BETA");
  }

  private static ProposalDraft draft(String title, List<Citation> citations) {
    return new ProposalDraft(title, "In short", List.of("Do it"), citations);
  }

  private static <T> T ask(Prompt prompt, Class<T> type) {
    try {
      var request = prompt.reply(type).toRequest("x", List.of());
      return Payload.json(new LocalChatModel("local").chat(request, new TestExchange()).text())
          .read(type);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
