// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What a policy may change of an action. */
class PolicyRewriteTest extends Policed {
  @Test
  void aRewriteChangesWhatAToolIsGivenAndWhatLaterPoliciesSee() {
    List<Payload> seen = new ArrayList<>();
    Policy halves =
        action ->
            action.kind().equals(Action.TOOL)
                ? Verdict.rewrite(Payload.of(new Transfer(50)), "at most 50")
                : Verdict.allow();
    Policy watches =
        action -> {
          if (action.kind().equals(Action.TOOL)) {
            seen.add(action.input());
          }
          return Verdict.allow();
        };

    Scenes.run(builder(granted(new Transfer(100))).policy(halves).policy(watches));

    assertThat(bank.transferred()).containsExactly(50L);
    assertThat(seen).containsExactly(Payload.of(new Transfer(50)));
  }

  @Test
  void aRewriteChangesTheTextAModelIsGiven() {
    List<String> prompts = new CopyOnWriteArrayList<>();
    Policy redacts =
        action ->
            action.kind().equals(Action.MODEL)
                ? Verdict.rewrite(
                    Payload.json(action.input().json().replace("hunter2", "***")), "secrets")
                : Verdict.allow();
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .policy(redacts)
            .model(
                "m",
                (request, exchange) -> {
                  for (Part part : request.messages().get(0).parts()) {
                    prompts.add(
                        part instanceof Part.Text text
                            ? text.text()
                            : ((Part.Data) part).content().text());
                  }
                  return Scenes.reply("ok");
                })
            .team(
                only(
                    ctx ->
                        ctx.model()
                            .ask(Prompt.user("the word is hunter2").data("d", "also hunter2"))
                            .text()));

    Scenes.run(builder);

    assertThat(prompts).containsExactly("the word is ***", "also ***");
  }

  @Test
  void aRewriteOfMoreThanTextsIsDenied() {
    Policy raises =
        action ->
            action.kind().equals(Action.MODEL)
                ? Verdict.rewrite(
                    Payload.json(action.input().json().replace("4096", "999999")), "more")
                : Verdict.allow();

    OrchestrationResult result = attempt(Action.MODEL, raises);

    assertDeniedWithoutEffect(result, Action.MODEL, "REWRITE_SHAPE");
  }

  @Test
  void ofABallotThePolicyMayRewriteTheReason() {
    OrchestrationResult result =
        attempt(Action.BALLOT, ballot(text -> text.replace("because", "[redacted]")));

    assertThat(result.proposals().get(0).ballots())
        .singleElement()
        .matches(ballot -> ballot.reason().equals("[redacted]"))
        .matches(ballot -> ballot.choice() == Choice.ACCEPT);
  }

  @Test
  void ofABallotThePolicyMayNotRewriteTheChoice() {
    OrchestrationResult result =
        attempt(Action.BALLOT, ballot(text -> text.replace("ACCEPT", "REJECT")));

    assertDeniedWithoutEffect(result, Action.BALLOT, "REWRITE_SHAPE");
  }
}
