// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Ballot.Choice;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.model.Prompt;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is in the ledger of a run, and when. */
class LedgerContentTest extends Ledgered {
  @Test
  void theLedgerOfARunBeginsWithItsStartAndEndsWithItsStatus() {
    Team team =
        Team.of(
            DecisionRule.quorum("one"),
            Agent.of(
                    "one",
                    ctx -> {
                      ctx.model().ask(Prompt.user("question"));
                      ctx.tools().call("transfer", new Transfer(1));
                      ctx.blackboard().put("key", "value");
                      ctx.send("two", "hello");
                      ctx.propose("a way");
                      Scenes.untilBallots(ctx, 1);
                      ctx.solve("the solution");
                      return "";
                    })
                .tools("transfer"),
            Agent.of(
                "two",
                ctx -> ctx.vote(Scenes.untilBallots(ctx, 0), Choice.ACCEPT, "").state().name()));

    OrchestrationResult result = Scenes.run(builder().team(team), time);

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    List<LedgerEntry> all = kept.entries();
    assertThat(all.get(0).type()).isEqualTo(LedgerTypes.RUN_STARTED);
    LedgerEntry last = all.get(all.size() - 1);
    assertThat(last.type()).isEqualTo(LedgerTypes.STATUS);
    assertThat(KeptLedger.field(last, "status")).isEqualTo("COMPLETED");
    assertThat(all)
        .extracting(LedgerEntry::type)
        .contains(
            LedgerTypes.SPAWNED,
            LedgerTypes.WRITE,
            LedgerTypes.MESSAGE,
            LedgerTypes.PROPOSAL,
            LedgerTypes.BALLOT);
    assertThat(all).extracting(LedgerEntry::run).containsOnly(result.run());
    assertThat(kept.entries(LedgerTypes.INTENT)).hasSize(2);
    for (LedgerEntry intent : kept.entries(LedgerTypes.INTENT)) {
      String key = intent.idempotencyKey().replace("/intent", "/outcome");
      LedgerEntry outcome =
          all.stream().filter(e -> e.idempotencyKey().equals(key)).findFirst().orElseThrow();
      assertThat(outcome.type()).isEqualTo(LedgerTypes.OUTCOME);
      assertThat(outcome.sequence()).isGreaterThan(intent.sequence());
    }
    assertThat(kept.verify()).isInstanceOf(Verification.Ok.class);
    assertThat(result.warnings()).isEmpty();
  }

  @Test
  void theIntentIsThereBeforeTheEffectAndTheOutcomeBeforeTheBodyGoesOn() {
    var before = new AtomicReference<List<LedgerEntry>>();
    var after = new AtomicReference<List<LedgerEntry>>();

    Scenes.run(
        Orchestrator.builder()
            .ledger(ledger)
            .model(
                "m",
                (request, exchange) -> {
                  before.set(kept.entries());
                  return Scenes.reply("ok");
                })
            .team(
                only(
                    ctx -> {
                      ctx.model().ask(Prompt.user("question"));
                      after.set(kept.entries());
                      return "";
                    }))
            .tools(bank.transfer()),
        time);

    assertThat(last(before.get()).type()).isEqualTo(LedgerTypes.INTENT);
    assertThat(last(after.get()).type()).isEqualTo(LedgerTypes.OUTCOME);
  }

  @Test
  void revocationAndHandoffAreInTheLedger() {
    Scenes.run(
        builder()
            .team(
                only(
                    ctx -> {
                      throw Mishap.retryable("again and again");
                    })),
        time);

    assertThat(kept.entries(LedgerTypes.REVOKED)).hasSize(1);
    assertThat(kept.entries(LedgerTypes.HANDOFF))
        .extracting(entry -> KeptLedger.field(entry, "state"))
        .containsExactly("CREATED", "UNCLAIMED");
  }

  @Test
  void theLedgerHoldsDigestsAndNoTexts() {
    Scenes.run(
        builder()
            .team(
                only(
                    ctx -> {
                      ctx.model().ask(Prompt.user("the canary sings"));
                      ctx.tools().call("transfer", new Transfer(777_777));
                      ctx.blackboard().put("key", "the canary sings");
                      return "the canary sings";
                    })),
        time);

    assertThat(kept.entries())
        .allSatisfy(entry -> assertThat(entry.body().json()).doesNotContain("canary", "777777"));
  }

  private static LedgerEntry last(List<LedgerEntry> entries) {
    return entries.get(entries.size() - 1);
  }
}
