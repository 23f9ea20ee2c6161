// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.sqlite.LedgerFile;
import io.agentgovernance.ledger.sqlite.LedgerProgress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code governance ledger export}: entries as JSON Lines. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    sortOptions = false,
    customSynopsis = "governance ledger export [OPTIONS] <path>",
    description = {
      "Writes entries as JSON Lines, each with all that its hash covers.",
      "",
      "Exporting is not verifying: entries are written as they are found."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:exported", "1:the ledger could not be read", "2:usage or bad input"},
    footer = {
      "",
      "Examples:",
      "  governance ledger export ledger.db --run 01m7… | jq .type",
      "  governance ledger export ledger.db --from 2026-11-01T00:00:00Z --out november.jsonl"
    })
final class LedgerExportCommand extends Subcommand {
  @Mixin private LedgerTarget target = new LedgerTarget();
  @Mixin private EntryFilter filter = new EntryFilter();

  @Option(
      names = "--limit",
      paramLabel = "<n>",
      description = "How many entries at most. Default: all.")
  private @Nullable Long limit;

  @Option(
      names = "--out",
      paramLabel = "<file>",
      description = "A file that does not exist yet. Default: stdout.")
  private @Nullable String out;

  LedgerExportCommand(Host host, Complaints complaints) {
    super(host, complaints);
  }

  @Override
  public Integer call() {
    Long given = limit;
    long most = given == null ? Long.MAX_VALUE : given;
    if (most < 1) {
      throw new BadInputException("--limit", String.valueOf(most), "1 or more", "Correct it");
    }
    LedgerQuery query = filter.query(LedgerQuery.MAX_LIMIT);
    try (LedgerFile ledger = target.open(host)) {
      String file = out;
      Export export = new Export(ledger, query, most);
      if (file != null) {
        toFile(export, file);
      } else if (target.terminal(host).out() == Terminal.Kind.TERMINAL) {
        export.to(host.out(), LedgerProgress.NONE); // the lines themselves are the progress
      } else {
        show(export, host.out());
      }
      if (!target.isQuiet()) {
        note(export.entries());
      }
      return ExitCode.COMPLETED;
    }
  }

  private void show(Export export, PrintStream to) {
    try (ProgressLine progress = target.progress(host, "exporting")) {
      export.to(to, progress);
    }
  }

  private void toFile(Export export, String file) {
    Path named = LedgerTarget.resolve(host, "--out", file);
    String where = "--out " + Plain.line(file);
    try (var stream = Files.newOutputStream(named, StandardOpenOption.CREATE_NEW);
        var printed = new PrintStream(stream, false, UTF_8)) {
      show(export, printed);
    } catch (FileAlreadyExistsException e) {
      throw new BadInputException(
          where,
          "a file that exists",
          "one that does not exist yet",
          "Name another file, or move that one away",
          e);
    } catch (IOException e) {
      throw new BadInputException(
          where,
          "a file that cannot be written (%s)".formatted(e.getClass().getSimpleName()),
          "a file in a folder that exists",
          "Create the folder, or allow writing there",
          e);
    }
  }

  private void note(long entries) {
    String text =
        "exported %s; to verify the ledger: governance ledger verify %s"
            .formatted(
                entries == 1 ? "1 entry" : Plain.count(entries) + " entries",
                Plain.line(target.given()));
    host.err().println(target.terminal(host).paintErr().on(Paint.Hue.DIM, text));
  }
}
