// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.contract.CheckpointStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteCheckpointStoreContractTest extends CheckpointStoreContract {
  @TempDir Path folder;

  @Override
  protected CheckpointStore open() {
    return SqliteCheckpointStore.open(folder.resolve("checkpoints.db"));
  }
}
