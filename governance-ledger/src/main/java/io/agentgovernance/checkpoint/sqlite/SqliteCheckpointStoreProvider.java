// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.core.PipelineConstants;
import io.agentgovernance.internal.sqlite.SqliteUri;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointStoreProvider;
import io.agentgovernance.spi.ProviderContext;
import java.util.List;

/**
 * Opens {@code sqlite:<path>} and {@code sqlite:<path>?<option>=<value>&…}.
 *
 * <p>The path is relative to the working folder unless it begins with a slash; {@code sqlite:}
 * alone is {@value PipelineConstants#DEFAULT_CHECKPOINT_PATH}. Path and values may be
 * percent-encoded.
 *
 * <ul>
 *   <li>{@code keepRuns=<n>}: see {@link SqliteCheckpointStoreBuilder#keepRuns}
 *   <li>{@code keepFor=<ISO 8601 duration or seconds, such as P30D or 3600s>}: see {@link
 *       SqliteCheckpointStoreBuilder#keepFor}
 *   <li>{@code durability=process-crash-only}: see {@link
 *       SqliteCheckpointStoreBuilder#processCrashOnly}
 * </ul>
 *
 * <p>Thread safe.
 */
public final class SqliteCheckpointStoreProvider implements CheckpointStoreProvider {
  private static final List<String> OPTIONS = List.of("keepRuns", "keepFor", "durability");

  /** Made by {@link java.util.ServiceLoader}. */
  public SqliteCheckpointStoreProvider() {}

  @Override
  public String scheme() {
    return "sqlite";
  }

  @Override
  public CheckpointStore open(String rest, ProviderContext context) {
    SqliteUri uri =
        SqliteUri.parse(
            "checkpoints URI", rest, PipelineConstants.DEFAULT_CHECKPOINT_PATH, OPTIONS);
    var builder = SqliteCheckpointStore.builder(uri.path()).time(context.time());
    uri.options().forEach((name, value) -> set(builder, uri, name, value));
    return builder.open();
  }

  private static void set(
      SqliteCheckpointStoreBuilder builder, SqliteUri uri, String name, String value) {
    switch (name) {
      case "keepRuns" -> builder.keepRuns(uri.number(name, value, 0));
      case "keepFor" -> builder.keepFor(uri.duration(name, value));
      default -> {
        uri.check(
            name,
            value,
            value.equals("process-crash-only"),
            "'process-crash-only', or no such option");
        builder.processCrashOnly();
      }
    }
  }
}
