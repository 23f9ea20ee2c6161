// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import picocli.CommandLine;

/** A command whose exit codes say something else than those of the others. */
interface OwnExitCodes {
  /** Returns what the command ends with instead of {@link ExitCode#BAD_INPUT}. */
  int badInput();

  /** Returns what the command ends with instead of {@link ExitCode#FAILED}. */
  int failed();

  /** Returns the exit code of this command for one that holds for all others. */
  static int of(CommandLine command, int exitCode) {
    Object called = command.getCommand();
    if (!(called instanceof OwnExitCodes own)) {
      return exitCode;
    }
    return switch (exitCode) {
      case ExitCode.BAD_INPUT -> own.badInput();
      case ExitCode.FAILED -> own.failed();
      default -> exitCode;
    };
  }
}
