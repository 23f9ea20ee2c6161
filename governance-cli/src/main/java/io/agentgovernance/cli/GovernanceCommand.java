// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The {@code governance} command. */
@Command(
    name = "governance",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    description = "Runs teams of LLM agents toward an objective under enforced rules.")
public final class GovernanceCommand implements Runnable {

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new GovernanceCommand()).execute(args));
  }

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  static final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = GovernanceCommand.class.getPackage().getImplementationVersion();
      return new String[] {"governance " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
