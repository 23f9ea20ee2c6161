// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.sqlite.EntryJson;
import io.agentgovernance.ledger.sqlite.LedgerFile;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code governance ledger tail}: the last entries, and those that follow. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    sortOptions = false,
    customSynopsis = "governance ledger tail [OPTIONS] <path>",
    description = {
      "Shows the last entries of a ledger, and with --follow those that come.",
      "",
      "Showing is not verifying: entries are shown as they are found."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:shown; also after Ctrl-C",
      "1:the ledger could not be read",
      "2:usage or bad input"
    },
    footer = {
      "",
      "Examples:",
      "  governance ledger tail ledger.db --lines 20 --type DENIED",
      "  governance ledger tail ledger.db --follow --json | jq .type"
    })
final class LedgerTailCommand extends Subcommand {
  private static final int MOST_LINES = LedgerQuery.MAX_LIMIT;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int PLAIN_WIDTH = 200;

  private final TimeSource.Waiter waiter = TimeSource.system().waiter();
  private final AtomicBoolean interrupted = new AtomicBoolean();

  @Mixin private LedgerTarget target = new LedgerTarget();
  @Mixin private EntryFilter filter = new EntryFilter();

  @Option(
      names = "--lines",
      paramLabel = "<n>",
      description = "How many of the last entries, 0 to " + MOST_LINES + ". Default: 10.")
  private int lines = 10;

  @Option(
      names = "--follow",
      description = "Then show what is appended, until Ctrl-C or as many as --max.")
  private boolean follow;

  @Option(
      names = "--max",
      paramLabel = "<n>",
      description = "With --follow: end after so many entries in all. Default: no end.")
  private @Nullable Long max;

  @Option(names = "--json", description = "Print each entry as JSON, as export does.")
  private boolean json;

  private long shown;

  LedgerTailCommand(Host host, Complaints complaints) {
    super(host, complaints);
  }

  @Override
  public Integer call() {
    if (lines < 0 || lines > MOST_LINES) {
      throw new BadInputException(
          "--lines",
          String.valueOf(lines),
          "0 to " + MOST_LINES,
          "For more: governance ledger export");
    }
    Long given = max;
    if (given != null && (given < 1 || !follow)) {
      throw new BadInputException(
          "--max",
          follow ? String.valueOf(given) : "it without --follow",
          "1 or more, with --follow",
          "Correct it; how many of the last entries are shown is said by --lines");
    }
    long most = given == null ? Long.MAX_VALUE : given;
    LedgerQuery query = filter.query(Math.max(1, lines));
    Interrupts.Registration registration = host.interrupts().onInterrupt(this::interrupt);
    try (LedgerFile ledger = target.open(host)) {
      long from = show(lines == 0 ? List.of() : ledger.last(query), most, end(ledger, query));
      if (follow) {
        follow(ledger, filter.query(MOST_LINES).after(from), most);
      }
      return ExitCode.COMPLETED;
    } finally {
      registration.close();
    }
  }

  private void interrupt() {
    interrupted.set(true);
    waiter.signal();
  }

  /** Where to go on if nothing matches yet. */
  private static long end(LedgerFile ledger, LedgerQuery query) {
    List<LedgerEntry> newest = ledger.last(LedgerQuery.builder().limit(1).build());
    return Math.max(query.afterSequence(), newest.isEmpty() ? 0 : newest.get(0).sequence());
  }

  private void follow(LedgerFile ledger, LedgerQuery query, long most) {
    LedgerQuery next = query;
    while (shown < most && !interrupted.get() && !host.out().checkError()) {
      List<LedgerEntry> entries = ledger.query(next).entries();
      next = next.after(show(entries, most, next.afterSequence()));
      if (entries.isEmpty() && !await()) {
        return;
      }
    }
  }

  private boolean await() {
    try {
      boolean unused = waiter.await(POLL);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns the sequence of the last entry, or the given one if there is none. */
  private long show(List<LedgerEntry> entries, long most, long otherwise) {
    long last = otherwise;
    for (LedgerEntry entry : entries) {
      if (shown == most) {
        return last;
      }
      host.out().print(json ? EntryJson.of(entry) + "\n" : line(entry));
      shown++;
      last = entry.sequence();
    }
    return last;
  }

  private String line(LedgerEntry entry) {
    Terminal terminal = target.terminal(host);
    AgentId agent = entry.agent();
    String who = agent == null ? entry.run().value() : agent.value();
    String start =
        String.format(
            Locale.ROOT,
            "%8d  %-24s  %-16s  %s  ",
            entry.sequence(),
            entry.at().truncatedTo(ChronoUnit.MILLIS),
            entry.type(),
            who);
    boolean wide = terminal.out() != Terminal.Kind.TERMINAL;
    int left = Math.max(20, (wide ? PLAIN_WIDTH : terminal.columns()) - start.length());
    return start
        + terminal.paintOut().on(Paint.Hue.DIM, Plain.cut(Plain.line(entry.body().json()), left))
        + "\n";
  }
}
