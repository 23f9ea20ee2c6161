// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What every subcommand that does something has. One thread. */
abstract class Subcommand implements Callable<Integer> {
  final Host host;
  final Complaints complaints;

  @Option(
      names = GovernanceCommand.VERBOSE,
      order = Integer.MAX_VALUE,
      description = "Show stack traces of errors.")
  void verbose(boolean wanted) {
    if (wanted) {
      complaints.showTraces();
    }
  }

  Subcommand(Host host, Complaints complaints) {
    this.host = host;
    this.complaints = complaints;
  }
}
