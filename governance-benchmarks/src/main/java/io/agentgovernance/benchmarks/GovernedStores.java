// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.checkpoint.sqlite.SqliteCheckpointStore;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.sqlite.SqliteLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** The durable stores of a benchmark, in a folder of its own. */
final class GovernedStores {

  private GovernedStores() {}

  /** What is done with an orchestrator. */
  interface Scenario<T> {
    T on(Orchestrator orchestrator) throws Exception;
  }

  static SqliteLedger ledger(Path folder) {
    return SqliteLedger.builder(folder.resolve("ledger.db")).open();
  }

  static SqliteCheckpointStore checkpoints(Path folder) {
    return SqliteCheckpointStore.open(folder.resolve("checkpoints.db"));
  }

  /** Opens the stores and an orchestrator of the pair, and closes them again. */
  static <T> T in(Path folder, StubModel model, Scenario<T> scenario) throws Exception {
    var pool = AgentPool.create(AgentPool.THREADS);
    try (var ledger = ledger(folder);
        var checkpoints = checkpoints(folder);
        var orchestrator =
            GovernedPair.builder(model, pool, AgentPool.THREADS)
                .ledger(ledger)
                .checkpoints(checkpoints)
                .require(Durability.DURABLE)
                .build()) {
      return scenario.on(orchestrator);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Removes a folder and what is in it. */
  static void remove(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
