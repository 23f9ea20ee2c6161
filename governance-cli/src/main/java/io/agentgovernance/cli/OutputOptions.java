// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import picocli.CommandLine.Option;

/** How a command that runs a team shows what happens. */
final class OutputOptions {
  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  @Option(names = "--quiet", description = "Show no timeline; warnings and errors remain.")
  private boolean quiet;

  @Option(names = "--no-color", description = "Use no colour, as NO_COLOR=1 does.")
  private boolean noColor;

  OutputOptions() {}

  Timeline timeline(Host host) {
    return new Timeline(
        host.err(), quiet ? Timeline.Detail.WARNINGS : Timeline.Detail.ALL, terminal(host));
  }

  Terminal terminal(Host host) {
    return noColor ? host.terminal().plain() : host.terminal();
  }

  /** Prints a result to stdout, and says how the process is to end. */
  int deliver(Host host, Delivery delivery, RunFolder folder, Timeline timeline) {
    host.out()
        .print(
            json
                ? ResultJson.of(delivery, folder) + "\n"
                : ResultText.of(delivery, folder, host.directory(), terminal(host).paintOut()));
    boolean printed = !host.out().checkError();
    if (!printed) {
      timeline.warn("stdout could not be written; the result is in " + folder.reportFile());
    }
    int exitCode = ExitCode.of(delivery.result().outcome());
    boolean whole = printed && folder.problem() == null;
    return exitCode == ExitCode.COMPLETED && !whole ? ExitCode.FAILED : exitCode;
  }
}
