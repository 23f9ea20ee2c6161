// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.LedgerQuery;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which entries. The same for all commands that show some. */
final class EntryFilter {
  @Option(names = "--tenant", paramLabel = "<id>", description = "Only entries of this tenant.")
  private @Nullable String tenant;

  @Option(names = "--run", paramLabel = "<id>", description = "Only entries of this run.")
  private @Nullable String run;

  @Option(
      names = "--agent",
      paramLabel = "<id>",
      description = "Only what this agent did, such as <run id>-alpha.")
  private @Nullable String agent;

  @Option(
      names = "--type",
      paramLabel = "<type>",
      description = "Only entries of this type, such as INTENT.")
  private @Nullable String type;

  @Option(
      names = "--from",
      paramLabel = "<time>",
      description = "Only what happened then or later, such as 2026-11-20T10:00:00Z.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "<time>", description = "Only what happened before then.")
  private @Nullable String to;

  @Option(
      names = "--after",
      paramLabel = "<sequence>",
      description = "Only entries with a higher sequence.")
  private long after;

  /** Returns a query for them, in pages of this size. */
  LedgerQuery query(int limit) {
    if (after < 0) {
      throw new BadInputException(
          "--after", String.valueOf(after), "0 or a sequence", "Correct it");
    }
    var query = LedgerQuery.builder().afterSequence(after).limit(limit);
    if (tenant != null) {
      query.tenant(TenantId.parse(tenant));
    }
    if (run != null) {
      query.run(RunId.parse(run));
    }
    if (agent != null) {
      query.agent(AgentId.parse(agent));
    }
    if (type != null) {
      query.type(type);
    }
    if (from != null) {
      query.from(time("--from", from));
    }
    if (to != null) {
      query.to(time("--to", to));
    }
    return query.build();
  }

  private static Instant time(String option, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new BadInputException(
          option,
          "'" + Plain.cut(Plain.line(text), 40) + "'",
          "a time in UTC such as 2026-11-20T10:00:00Z",
          "Correct it",
          e);
    }
  }
}
