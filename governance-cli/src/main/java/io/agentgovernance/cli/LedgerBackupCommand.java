// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.UnanchoredTail;
import io.agentgovernance.ledger.sqlite.LedgerFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code governance ledger backup}: a copy of a ledger that may be in use, verified. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    sortOptions = false,
    customSynopsis = "governance ledger backup [OPTIONS] <path> <target>",
    description = {
      "Copies a ledger and its anchors, also while it is written, and verifies the copy.",
      "",
      "Copying the file by other means can lose what is in its write-ahead log."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:copied; the copy is OK or UNANCHORED_TAIL, which is usual while the ledger is written",
      "1:not copied, or the copy is not as it should be",
      "2:usage or bad input; nothing was copied"
    },
    footer = {"", "Example:", "  governance ledger backup ledger.db /backup/ledger-2026-11-20.db"})
final class LedgerBackupCommand extends Subcommand {
  @Mixin private LedgerTarget target = new LedgerTarget();

  @Parameters(
      index = "1",
      paramLabel = "<target>",
      description = "The copy: a file that does not exist yet.")
  private String copy = "";

  @Option(
      names = "--public-key",
      paramLabel = "<file>",
      description =
          "A key whose anchors count, as PEM. Repeatable. Default: this user's keys, as for"
              + " verify.")
  private List<String> publicKeys = new ArrayList<>();

  @Option(names = "--json", description = "Print what verifying the copy showed as JSON.")
  private boolean json;

  LedgerBackupCommand(Host host, Complaints complaints) {
    super(host, complaints);
  }

  @Override
  public Integer call() {
    Path file = LedgerTarget.resolve(host, "<target>", copy);
    Verification result;
    VerifyReport report;
    try (LedgerFile ledger = target.open(host);
        ProgressLine progress = target.progress(host, "copied; verifying")) {
      var keys = LedgerTarget.keys(host, publicKeys, ledger);
      var trusted = keys.stream().map(LedgerTarget.TrustedKey::key).toList();
      result = ledger.backup(file, trusted, progress);
      report = new VerifyReport(copy, ledger.id(), keys, 0, result);
    }
    host.out().print(json ? report.json() + "\n" : report.text(target.terminal(host).paintOut()));
    boolean good = result instanceof Ok || result instanceof UnanchoredTail;
    return good && !host.out().checkError() ? ExitCode.COMPLETED : ExitCode.FAILED;
  }
}
