// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code governance ledger}: what an auditor does with the file of a ledger. */
@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Looks at the file of an audit ledger on SQLite, also while it is written.",
      "",
      "Nothing here changes a ledger."
    },
    footer = {
      "",
      "Begin with:",
      "  governance ledger verify runs/<run id>/ledger.db",
      "  governance ledger help verify"
    })
final class LedgerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  private LedgerCommand() {}

  /** Makes the command with its own commands. */
  static CommandLine line(Host host, Complaints complaints) {
    CommandLine line = new CommandLine(new LedgerCommand());
    line.addSubcommand(new LedgerVerifyCommand(host, complaints));
    line.addSubcommand(new LedgerExportCommand(host, complaints));
    line.addSubcommand(new LedgerTailCommand(host, complaints));
    line.addSubcommand(new LedgerStatsCommand(host, complaints));
    line.addSubcommand(new LedgerBackupCommand(host, complaints));
    line.addSubcommand(new HelpCommand());
    return line;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.BAD_INPUT;
  }
}
