// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Unreadable;
import io.agentgovernance.ledger.sqlite.LedgerFile;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code governance ledger verify}: its exit code is the answer, so what is wrong with the command
 * line or the program has codes of its own.
 */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    sortOptions = false,
    customSynopsis = "governance ledger verify [OPTIONS] <path>",
    description = {
      "Recomputes a whole ledger and compares it with its anchors.",
      "",
      "Only 0 means that every entry is as it was written, and that none is missing."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:OK",
      "1:TAMPERED: the first bad entry is named",
      "2:TAIL_MISSING: entries below the last anchor are gone",
      "3:UNANCHORED_TAIL: the last entries are not anchored yet, as after a crash and while the"
          + " ledger is written",
      "4:UNREADABLE: there is no such ledger, or it could not be read to its end",
      "5:UNTRUSTED_KEY: the last anchor is not signed by a key that was given",
      "64:usage or bad input; nothing was verified",
      "70:an error of the program; nothing was verified"
    },
    footer = {
      "",
      "Anchors beside the ledger can be cut off together with its end; anchors that a sink has kept"
          + " on another host (--from-anchor) show that, too.",
      "",
      "Examples:",
      "  governance ledger verify runs/01m7…/ledger.db",
      "  governance ledger verify ledger.db --public-key ledger.key.pub --json",
      "  governance ledger verify ledger.db --from-anchor /mnt/audit/anchors.jsonl"
    })
final class LedgerVerifyCommand extends Subcommand implements OwnExitCodes {
  static final int USAGE = 64;
  static final int SOFTWARE = 70;

  @Mixin private LedgerTarget target = new LedgerTarget();

  @Option(
      names = "--public-key",
      paramLabel = "<file>",
      description =
          "A key whose anchors count, as PEM. Repeatable. Default: this user's keys in"
              + " ~/.agentgovernance/keys, governance-cli.key.pub of the runs of this command and"
              + " <ledger id>.key.pub.")
  private List<String> publicKeys = new ArrayList<>();

  @Option(
      names = "--from-anchor",
      paramLabel = "<file>",
      description = "Anchors that were kept elsewhere, one in each line. Repeatable.")
  private List<String> anchorFiles = new ArrayList<>();

  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  LedgerVerifyCommand(Host host, Complaints complaints) {
    super(host, complaints);
  }

  @Override
  public int badInput() {
    return USAGE;
  }

  @Override
  public int failed() {
    return SOFTWARE;
  }

  @Override
  public Integer call() {
    var anchors = LedgerTarget.anchors(host, anchorFiles);
    VerifyReport report;
    try (LedgerFile ledger = opened()) {
      var keys = LedgerTarget.keys(host, publicKeys, ledger);
      try (ProgressLine progress = target.progress(host, "verifying")) {
        var trusted = keys.stream().map(LedgerTarget.TrustedKey::key).toList();
        Verification result = ledger.verify(anchors, trusted, progress);
        report = new VerifyReport(target.given(), ledger.id(), keys, anchors.size(), result);
      }
    } catch (NoLedger e) {
      var result = new Unreadable(String.valueOf(e.getMessage()));
      report = new VerifyReport(target.given(), null, List.of(), anchors.size(), result);
    }
    host.out().print(json ? report.json() + "\n" : report.text(target.terminal(host).paintOut()));
    boolean printed = !host.out().checkError();
    int exitCode = report.result().exitCode();
    return exitCode == ExitCode.COMPLETED && !printed ? SOFTWARE : exitCode;
  }

  /** What is wrong with the ledger itself is an answer, not bad input. */
  private LedgerFile opened() throws NoLedger {
    var file = target.file(host);
    try {
      return LedgerFile.open(file);
    } catch (BadInputException | LedgerUnavailableException e) {
      throw new NoLedger(e);
    }
  }

  private static final class NoLedger extends Exception {
    private static final long serialVersionUID = 1L;

    NoLedger(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }
}
