// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.sqlite.EntryJson;
import io.agentgovernance.ledger.sqlite.LedgerFile;
import io.agentgovernance.ledger.sqlite.LedgerProgress;
import java.io.PrintStream;
import java.util.List;

/** Entries on their way into a stream, as JSON Lines. One instance exports once. */
final class Export {
  private static final int BUFFER = 64 * 1024;

  private final LedgerFile ledger;
  private final LedgerQuery query;
  private final long most;
  private final StringBuilder lines = new StringBuilder();
  private long entries;
  private long last;

  Export(LedgerFile ledger, LedgerQuery query, long most) {
    this.ledger = ledger;
    this.query = query;
    this.most = most;
  }

  long entries() {
    return entries;
  }

  /**
   * Writes them, however many there are, with the memory of one page.
   *
   * @throws GovernanceException if the stream takes no more
   */
  void to(PrintStream stream, LedgerProgress progress) {
    long end = end();
    ledger.forEach(
        query,
        entry -> {
          lines.append(EntryJson.of(entry)).append('\n');
          entries++;
          if (lines.length() >= BUFFER) {
            flush(stream);
          }
          last = entry.sequence();
          progress.at(Math.min(last, end), end);
          return entries < most;
        });
    flush(stream);
  }

  private long end() {
    List<LedgerEntry> newest = ledger.last(LedgerQuery.builder().limit(1).build());
    return newest.isEmpty() ? 0 : newest.get(0).sequence();
  }

  private void flush(PrintStream stream) {
    stream.print(lines);
    lines.setLength(0);
    if (stream.checkError()) {
      throw new GovernanceException(
          "export: nothing more could be written, not even all entries up to sequence %d. Make room, or keep the reader of the output alive, and export again."
              .formatted(last));
    }
  }
}
