// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.ledger.sqlite.LedgerFile;
import io.agentgovernance.ledger.sqlite.LedgerStats;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code governance ledger stats}: a ledger in numbers. */
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    sortOptions = false,
    customSynopsis = "governance ledger stats [OPTIONS] <path>",
    description = {
      "Counts what a ledger holds, and says how large it is.",
      "",
      "Counting is not verifying."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:counted", "1:the ledger could not be read", "2:usage or bad input"})
final class LedgerStatsCommand extends Subcommand {
  @Mixin private LedgerTarget target = new LedgerTarget();

  @Option(names = "--json", description = "Print the numbers as one JSON object.")
  private boolean json;

  LedgerStatsCommand(Host host, Complaints complaints) {
    super(host, complaints);
  }

  @Override
  public Integer call() {
    LedgerStats stats;
    try (LedgerFile ledger = target.open(host);
        ProgressLine progress = target.progress(host, "counting")) {
      stats = ledger.stats(progress);
    }
    host.out().print(json ? json(stats) + "\n" : text(stats));
    return host.out().checkError() ? ExitCode.FAILED : ExitCode.COMPLETED;
  }

  private static String json(LedgerStats stats) {
    var fields = new TreeMap<String, @Nullable Object>();
    fields.put("ledger", stats.ledgerId());
    fields.put("schema_version", stats.schemaVersion());
    fields.put("entries", stats.entries());
    fields.put("runs", stats.runs());
    fields.put("types", stats.types());
    fields.put("first_at", text(stats.firstAt()));
    fields.put("last_at", text(stats.lastAt()));
    fields.put("file_bytes", stats.fileBytes());
    fields.put("log_bytes", stats.logBytes());
    fields.put("anchors", stats.anchors());
    fields.put("anchored_sequence", stats.anchoredSequence());
    fields.put("anchored_at", text(stats.anchoredAt()));
    return Payload.of(fields).json();
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  private static String text(LedgerStats stats) {
    var text = new StringBuilder();
    line(text, "ledger", Plain.line(stats.ledgerId()) + ", schema " + stats.schemaVersion());
    line(
        text,
        "entries",
        Plain.count(stats.entries()) + " of " + Plain.count(stats.runs()) + " runs");
    if (stats.entries() > 0) {
      line(text, "from", String.valueOf(stats.firstAt()));
      line(text, "to", String.valueOf(stats.lastAt()));
    }
    line(
        text,
        "anchors",
        Plain.count(stats.anchors())
            + (stats.anchors() == 0
                ? ""
                : ", up to entry "
                    + Plain.count(stats.anchoredSequence())
                    + " at "
                    + stats.anchoredAt()));
    line(
        text,
        "bytes",
        Plain.count(stats.fileBytes()) + ", and " + Plain.count(stats.logBytes()) + " in its log");
    stats
        .types()
        .forEach(
            (type, count) ->
                text.append(
                    String.format(
                        Locale.ROOT, "  %-24s %14s%n", Plain.line(type), Plain.count(count))));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-8s %s%n", name, value));
  }
}
