// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

/** The command as a process whose model never answers. */
final class HangingGovernance {
  private HangingGovernance() {}

  public static void main(String[] args) {
    ProcessInterrupts interrupts = ProcessInterrupts.install();
    Host host = Host.process(interrupts);
    Host hanging =
        new Host(
            host.environment(),
            host.directory(),
            host.home(),
            host.in(),
            host.out(),
            host.err(),
            host.terminal(),
            interrupts,
            (builder, uris) ->
                builder.model("test", new HangingModel(() -> host.err().println("model asked"))));
    int exitCode = GovernanceCommand.execute(hanging, args);
    interrupts.finished(exitCode);
    System.exit(exitCode);
  }
}
