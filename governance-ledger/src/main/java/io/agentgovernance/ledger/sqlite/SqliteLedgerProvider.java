// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.PipelineConstants;
import io.agentgovernance.internal.sqlite.SqliteUri;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.AuditLedgerProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import java.util.List;

/**
 * Opens {@code sqlite:<path>} and {@code sqlite:<path>?<option>=<value>&…}.
 *
 * <p>The path is relative to the working folder unless it begins with a slash; {@code sqlite:}
 * alone is {@value PipelineConstants#DEFAULT_LEDGER_PATH}. Path and values may be percent-encoded.
 *
 * <ul>
 *   <li>{@code key=file:<path>}, or a reference for the host's secret source such as {@code
 *       vault:<path>}: the key that signs anchors
 *   <li>{@code anchorSink=file:<path>}: a second place for anchors
 *   <li>{@code anchorEvery=<n>}, {@code anchorInterval=<ISO 8601 duration or seconds, such as PT10S
 *       or 10s>}
 *   <li>{@code durability=process-crash-only}: see {@link SqliteLedgerBuilder#processCrashOnly}
 * </ul>
 *
 * <p>Thread safe.
 */
public final class SqliteLedgerProvider implements AuditLedgerProvider {
  private static final String WHERE = "ledger URI";
  private static final List<String> OPTIONS =
      List.of("key", "anchorSink", "anchorEvery", "anchorInterval", "durability");

  /** Made by {@link java.util.ServiceLoader}. */
  public SqliteLedgerProvider() {}

  @Override
  public String scheme() {
    return "sqlite";
  }

  @Override
  public AuditLedger open(String rest, ProviderContext context) {
    SqliteUri uri = SqliteUri.parse(WHERE, rest, PipelineConstants.DEFAULT_LEDGER_PATH, OPTIONS);
    var builder = SqliteLedger.builder(uri.path()).time(context.time());
    uri.options().forEach((name, value) -> set(builder, uri, name, value, context));
    return builder.open();
  }

  private static void set(
      SqliteLedgerBuilder builder,
      SqliteUri uri,
      String name,
      String value,
      ProviderContext context) {
    switch (name) {
      case "key" -> key(builder, uri, value, context);
      case "anchorSink" -> {
        uri.check(name, value, value.startsWith(SqliteUri.FILE), "'file:<path>'");
        builder.anchorSink(uri.file(value));
      }
      case "anchorEvery" -> builder.anchorEvery(uri.number(name, value, 1));
      case "anchorInterval" -> builder.anchorInterval(uri.duration(name, value));
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

  private static void key(
      SqliteLedgerBuilder builder, SqliteUri uri, String value, ProviderContext context) {
    if (value.startsWith(SqliteUri.FILE)) {
      builder.signingKey(uri.file(value));
      return;
    }
    SecretSource secrets =
        context
            .secrets()
            .orElseThrow(
                () ->
                    new BadInputException(
                        WHERE,
                        "a reference for 'key', and no secret source",
                        "'key=file:<path>', or a host with a secret source",
                        "Give the builder a secret source"));
    builder.signingKey(secrets, value);
  }
}
