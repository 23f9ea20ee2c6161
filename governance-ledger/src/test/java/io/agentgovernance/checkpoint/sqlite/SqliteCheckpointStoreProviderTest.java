// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointStoreProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteCheckpointStoreProviderTest {
  @TempDir Path folder;

  private static CheckpointStore open(String rest) {
    return new SqliteCheckpointStoreProvider()
        .open(
            rest,
            new ProviderContext() {
              @Override
              public TimeSource time() {
                return TimeSource.system();
              }

              @Override
              public ClassLoader classLoader() {
                return SqliteCheckpointStoreProviderTest.class.getClassLoader();
              }
            });
  }

  @Test
  void itIsFoundByItsScheme() {
    assertThat(ServiceLoader.load(CheckpointStoreProvider.class))
        .filteredOn(provider -> provider.scheme().equals("sqlite"))
        .singleElement()
        .isInstanceOf(SqliteCheckpointStoreProvider.class);
  }

  @Test
  void anOrchestratorRemembersInIt() {
    String uri = "sqlite:" + folder.resolve("checkpoints.db");
    RunId run;
    try (var orchestrator = Orchestrator.builder().model("local:").checkpoints(uri).build()) {
      run = orchestrator.run(RunRequest.of("Design a caching strategy")).run();
    }

    try (var store = SqliteCheckpointStore.open(folder.resolve("checkpoints.db"))) {
      assertThat(store.unfinished(10)).isEmpty();
      var deltas = Stores.all(store, run);
      assertThat(deltas).hasSizeGreaterThan(20);
      assertThat(deltas.get(0)).isInstanceOf(Delta.Opened.class);
    }
  }

  @Test
  void optionsSetWhatTheBuilderSets() {
    try (var store =
        open(
            "//"
                + folder.resolve("a%20b.db")
                + "?durability=process-crash-only&keepRuns=0&keepFor=P1D")) {
      assertThat(store.durability()).isEqualTo(Durability.PROCESS_CRASH);
      assertThat(store.epoch(Stores.ended(store))).as("none is kept").isZero();
    }
    assertThat(folder.resolve("a b.db")).exists();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//host/checkpoints.db",
        ":memory:",
        "file:x.db",
        "x%zz",
        "x?unknown=1",
        "x?keepRuns",
        "x?keepRuns=-1",
        "x?keepRuns=1&keepRuns=2",
        "x?keepFor=soon",
        "x?keepFor=PT0S",
        "x?durability=none",
        "/no/such/folder/checkpoints.db",
        "/"
      })
  void whatMakesNoSenseIsRefused(String rest) {
    assertThatThrownBy(() -> open(rest)).isInstanceOf(BadInputException.class);
  }
}
