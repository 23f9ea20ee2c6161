// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a run keeps what it must not lose. */
final class StoreOptions {
  @Option(
      names = "--blackboard",
      paramLabel = "<uri>",
      description = "Where the shared state of the run lives. Default: memory:")
  private @Nullable String blackboard;

  @Option(
      names = "--ledger",
      paramLabel = "<uri>",
      description = "Where the audit ledger is. Default: sqlite, in the run's folder")
  private @Nullable String ledger;

  @Option(
      names = "--checkpoints",
      paramLabel = "<uri>",
      description = "Where the run is remembered. Default: sqlite, in the run's folder")
  private @Nullable String checkpoints;

  StoreOptions() {}

  /** Whether it was said where the run is remembered: then its folder is not needed. */
  boolean rememberedElsewhere() {
    return checkpoints != null;
  }

  Stores stores() {
    return new Stores(blackboard, ledger, checkpoints);
  }

  /** What was said here, and else what the run was started with. */
  Stores stores(Stores started) {
    return new Stores(
        blackboard == null ? started.blackboard() : blackboard,
        ledger == null ? started.ledger() : ledger,
        checkpoints == null ? started.checkpoints() : checkpoints);
  }
}
