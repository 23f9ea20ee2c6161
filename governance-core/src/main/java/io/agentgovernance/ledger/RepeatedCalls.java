// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Payload;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/**
 * What a ledger says of calls that a run made more than once, counted from its {@link
 * LedgerTypes#INTENT} and {@link LedgerTypes#OUTCOME} entries. Immutable.
 *
 * @param finished calls that were made again although they had come to a result: 0, if the run was
 *     resumed by this library
 * @param unknown calls that were made again because a process died before anybody knew what had
 *     come of them: at most one for each call and process that died
 */
public record RepeatedCalls(long finished, long unknown) {

  /**
   * Reads the entries of a run. Blocks as reading does.
   *
   * @param ledger how to read, such as {@code orchestrator.ledger()::query}
   */
  public static RepeatedCalls in(
      Function<LedgerQuery, LedgerPage> ledger, TenantId tenant, RunId run) {
    Set<String> done = new HashSet<>();
    long finished = 0;
    long unknown = 0;
    LedgerQuery query =
        LedgerQuery.builder().tenant(tenant).run(run).limit(LedgerQuery.MAX_LIMIT).build();
    while (true) {
      LedgerPage page = ledger.apply(query);
      for (LedgerEntry entry : page.entries()) {
        String call = text(entry, "/call");
        if (call.isEmpty()) {
          continue;
        }
        if (entry.type().equals(LedgerTypes.OUTCOME)) {
          String result = text(entry, "/result");
          if (result.equals("REPLY") || result.equals("DONE")) {
            done.add(call);
          }
        } else if (entry.type().equals(LedgerTypes.INTENT)) {
          if (done.contains(call)) {
            finished++;
          } else if (entry.body().at("/again").isPresent()) {
            unknown++;
          }
        }
      }
      if (page.next().isEmpty()) {
        return new RepeatedCalls(finished, unknown);
      }
      query = query.after(page.next().getAsLong());
    }
  }

  private static String text(LedgerEntry entry, String pointer) {
    return entry.body().at(pointer).map(Payload::text).orElse("");
  }
}
