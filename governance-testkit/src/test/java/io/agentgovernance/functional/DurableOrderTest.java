// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.functional.Bank.Account;
import io.agentgovernance.functional.LateCheckpoints.Look;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.ForwardingLedger;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is there when something becomes durable in checkpoints that are written by a thread of their
 * own: seen from that thread.
 */
class DurableOrderTest {
  private static final String BEGUN = "begun";

  /** How a ledger takes entries. */
  enum Taking {
    /** It may be called by the writer of the checkpoints. */
    AT_ONCE,
    /** It is called by those who can wait. */
    IN_ITS_TIME
  }

  private final KeptLedger kept = new KeptLedger();
  private final Bank bank = new Bank();

  /** How many outcomes the ledger has when a call's result is in the checkpoints. */
  private final List<Integer> outcomes = new CopyOnWriteArrayList<>();

  /** How many accounts were read when it is in the checkpoints that one will be. */
  private final List<Integer> read = new CopyOnWriteArrayList<>();

  private void look(List<Delta> written) {
    for (Delta delta : written) {
      if (delta instanceof Delta.Journaled journaled) {
        if (journaled.entry().kind().equals(BEGUN)) {
          read.add(bank.read().size());
        } else {
          outcomes.add(kept.entries(LedgerTypes.OUTCOME).size());
        }
      }
    }
  }

  private OrchestrationResult run(Look look, Taking taking) {
    AuditLedger ledger =
        new ForwardingLedger(kept) {
          @Override
          public boolean isPrompt() {
            return taking == Taking.AT_ONCE;
          }
        };
    try (var checkpoints = new LateCheckpoints(look, this::look);
        var orchestrator =
            Orchestrator.builder()
                .ledger(ledger)
                .checkpoints(checkpoints)
                .tools(bank.balance())
                .model("m", (request, exchange) -> Scenes.reply("ok"))
                .team(
                    Team.of(
                        DecisionRule.by("one"),
                        Agent.of(
                                "one",
                                ctx -> {
                                  ctx.tools().call("balance", new Account("a"));
                                  ctx.model().ask(Prompt.user("question"));
                                  ctx.tools().call("balance", new Account("b"));
                                  return "done";
                                })
                            .tools("balance")))
                .build()) {
      return orchestrator.run("Look at the accounts");
    }
  }

  @ParameterizedTest
  @EnumSource(Taking.class)
  void aResultIsRememberedBeforeItsOutcomeIsInTheLedger(Taking taking) {
    OrchestrationResult result = run(Look.BEFORE_IT_IS_TOLD, taking);

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.warnings()).isEmpty();
    assertThat(outcomes).containsExactly(0, 1, 2);
    assertThat(kept.entries(LedgerTypes.OUTCOME)).hasSize(3);
  }

  /** The control: a store that says too early that it has written. */
  @Test
  void ofAStoreThatTellsTooEarlyTheOutcomeIsThereBefore() {
    run(Look.AFTER_IT_WAS_TOLD, Taking.AT_ONCE);

    assertThat(outcomes).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @EnumSource(Taking.class)
  void aCallIsMadeWhenItIsRememberedThatItWillBe(Taking taking) {
    run(Look.BEFORE_IT_IS_TOLD, taking);

    assertThat(read).containsExactly(0, 1, 1);
    assertThat(bank.read()).containsExactly("a", "b");
  }
}
