// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.OrchestratorBuilder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a run keeps what it must not lose. What is absent is in the run's folder, on SQLite; the
 * shared state of its agents is in memory, and is made again from the checkpoints.
 *
 * @param blackboard the URI of the coordination store
 * @param ledger the URI of the audit ledger
 * @param checkpoints the URI of the checkpoint store
 */
record Stores(@Nullable String blackboard, @Nullable String ledger, @Nullable String checkpoints) {
  /** The ledger's file in a run's folder. */
  static final String LEDGER_FILE = "ledger.db";

  /** The checkpoints' file in a run's folder. */
  static final String CHECKPOINTS_FILE = "checkpoints.db";

  /** The key that signs the ledgers of all runs, beside the keys of other ledgers. */
  static Path key(Path home) {
    return home.resolve(".agentgovernance").resolve("keys").resolve("governance-cli.key");
  }

  /** Its public half. */
  static Path publicKey(Path home) {
    Path key = key(home);
    return key.resolveSibling(key.getFileName() + ".pub");
  }

  void configure(OrchestratorBuilder builder, Path folder, Path home) {
    if (blackboard != null) {
      builder.blackboard(blackboard);
    }
    builder.ledger(
        ledger != null
            ? ledger
            : sqlite(folder.resolve(LEDGER_FILE)) + "?key=file:" + encoded(key(home)));
    builder.checkpoints(
        checkpoints != null ? checkpoints : sqlite(folder.resolve(CHECKPOINTS_FILE)));
  }

  private static String sqlite(Path file) {
    return "sqlite:" + encoded(file);
  }

  private static String encoded(Path path) {
    return URLEncoder.encode(path.toAbsolutePath().toString(), StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/")
        .replace("%5C", "\\")
        .replace("%3A", ":");
  }
}
