// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code governance} command. It uses the library as any host application would. */
@Command(
    name = "governance",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Runs teams of LLM agents toward an objective under enforced rules.",
    footer = {
      "",
      "Begin with:",
      "  governance run \"Design a rate limiter for 500 req/s per tenant\"",
      "  governance help run"
    })
public final class GovernanceCommand implements Callable<Integer> {
  static final String VERBOSE = "--verbose";

  @Spec private CommandSpec spec = CommandSpec.create();

  private GovernanceCommand() {}

  /**
   * Runs the command and ends the process with its exit code: 0 COMPLETED, 1 failed, 2 usage or bad
   * input, 3 TIMEOUT, 4 STOPPED, 5 resting or waiting for a person; {@code ledger verify} has codes
   * of its own.
   */
  public static void main(String[] args) {
    ProcessInterrupts interrupts = ProcessInterrupts.install();
    int exitCode = execute(Host.process(interrupts), args);
    interrupts.finished(exitCode);
    System.exit(exitCode);
  }

  /** Runs the command and returns its exit code. */
  static int execute(Host host, String... args) {
    Complaints complaints = new Complaints(host.err());
    if (Arrays.asList(args).contains(VERBOSE)) {
      complaints.showTraces(); // also for what is wrong before that option
    }
    CommandLine line = new CommandLine(new GovernanceCommand());
    line.addSubcommand(new RunCommand(host, complaints));
    line.addSubcommand(new ResumeCommand(host, complaints));
    line.addSubcommand(LedgerCommand.line(host, complaints));
    line.addSubcommand(new VersionCommand());
    line.addSubcommand(new HelpCommand());
    line.setOut(new PrintWriter(host.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(host.err(), true, StandardCharsets.UTF_8));
    line.setExpandAtFiles(false);
    line.setColorScheme(
        Help.defaultColorScheme(
            host.terminal().paintOut() == Paint.ANSI ? Help.Ansi.ON : Help.Ansi.OFF));
    line.setParameterExceptionHandler(
        (problem, given) -> OwnExitCodes.of(problem.getCommandLine(), complaints.usage(problem)));
    line.setExecutionExceptionHandler(
        (problem, command, parsed) -> OwnExitCodes.of(command, complaints.failure(problem)));
    int exitCode = line.execute(args);
    host.out().flush();
    return exitCode;
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitCode.BAD_INPUT;
  }

  @Command(name = "version", description = "Prints the version of the command and of Java.")
  static final class VersionCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      for (String line : new ManifestVersion().getVersion()) {
        out.println(line);
      }
      return ExitCode.COMPLETED;
    }
  }

  static final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = GovernanceCommand.class.getPackage().getImplementationVersion();
      return new String[] {
        "governance " + (version == null ? "(unpackaged)" : version),
        "java " + Runtime.version() + " (" + System.getProperty("java.vendor", "unknown") + ")"
      };
    }
  }
}
