// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F5, seen from a run: what cannot be recorded is not done. */
class FullDiskRunTest {
  private static final int TIMES = 20;

  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicInteger calls = new AtomicInteger();

  @TempDir Path folder;

  @Test
  void withoutRoomNoModelIsCalledAndWithRoomTheNextRunCompletes() {
    Probe probe =
        new Probe() {
          @Override
          public void step(String name) throws SQLException {
            if (name.equals("COMMIT") && full.get()) {
              throw new SQLException("database or disk is full");
            }
          }
        };
    ChatModel model =
        (request, exchange) -> {
          calls.incrementAndGet();
          return ChatReply.of("yes", Usage.of(1, 1), "counting");
        };
    var fillsUp = new AtomicBoolean();
    var agent =
        Agent.of(
            "one",
            context -> {
              full.set(fillsUp.get());
              return context.model().ask(Prompt.user("Shall we?")).text();
            });
    try (var ledger = Ledgers.builder(folder).probe(probe).open();
        var orchestrator =
            Orchestrator.builder()
                .model("counting", model)
                .ledger(ledger)
                .team(Team.of(DecisionRule.by("one"), agent))
                .build()) {
      for (int time = 1; time <= TIMES; time++) {
        fillsUp.set(true);
        var refused = orchestrator.run("Decide");
        full.set(false);

        assertThat(refused.status()).isNotEqualTo(PipelineStatus.COMPLETED);
        assertThat(calls).as("calls without a record, time %d", time).hasValue(time - 1);

        fillsUp.set(false);
        var done = orchestrator.run("Decide");

        assertThat(done.status()).isEqualTo(PipelineStatus.COMPLETED);
        assertThat(calls).hasValue(time);
      }

      assertThat(Ledgers.readAll(ledger))
          .filteredOn(entry -> entry.type().equals(LedgerTypes.OUTCOME))
          .hasSize(TIMES);
      assertThat(ledger.verify()).isInstanceOf(Ok.class);
    }
  }
}
