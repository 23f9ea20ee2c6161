// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.ResumeRefusedException;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what went wrong: where, what was found, what was expected, what to do. Values of unknown
 * options are not repeated, as they may be secrets.
 */
final class Complaints {
  private static final int SHOWN = 40;

  private final PrintStream err;
  private boolean traces;
  private String advice = "";

  Complaints(PrintStream err) {
    this.err = err;
  }

  /** Has stack traces follow. */
  void showTraces() {
    traces = true;
  }

  /** Says what is wrong with the command line. */
  int usage(ParameterException problem) {
    CommandLine command = problem.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    say(message(problem, command) + " See: " + name + " --help");
    trace(problem);
    return ExitCode.BAD_INPUT;
  }

  /** Says what was thrown, and returns the exit code for it. */
  int failure(Exception problem) {
    if (problem instanceof BadInputException bad) {
      parts(bad).forEach(part -> say(String.valueOf(part.getMessage())));
      if (!advice.isEmpty()) {
        err.println(advice);
      }
      trace(bad);
      return ExitCode.BAD_INPUT;
    }
    if (problem instanceof GovernanceException known) {
      say(String.valueOf(known.getMessage()));
    } else {
      say(
          "unexpected %s. This is an error of the program; run it again with %s and report what it prints."
              .formatted(problem.getClass().getName(), GovernanceCommand.VERBOSE));
    }
    trace(problem);
    return problem instanceof ResumeRefusedException ? ExitCode.BAD_INPUT : ExitCode.FAILED;
  }

  /** Has a line follow the next failure that is bad input. */
  void advise(String text) {
    advice = text;
  }

  /** The problems one exception stands for. */
  static List<BadInputException> parts(BadInputException problem) {
    List<BadInputException> parts =
        Stream.concat(Stream.ofNullable(problem.getCause()), Stream.of(problem.getSuppressed()))
            .filter(BadInputException.class::isInstance)
            .map(BadInputException.class::cast)
            .toList();
    return problem.getSuppressed().length == 0 || parts.isEmpty() ? List.of(problem) : parts;
  }

  private void say(String text) {
    err.println("governance: " + text);
  }

  private void trace(Exception problem) {
    if (traces) {
      problem.printStackTrace(err);
    }
  }

  private static String message(ParameterException problem, CommandLine command) {
    if (problem instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched, command);
    }
    if (problem instanceof MissingParameterException missing) {
      ArgSpec argument = missing.getMissing().get(0);
      return argument instanceof OptionSpec option
          ? "%s: found no value, expected %s. Write the value after it, separated by a space."
              .formatted(option.longestName(), argument.paramLabel())
          : "found no %s, expected one.".formatted(argument.paramLabel());
    }
    if (problem instanceof OverwrittenOptionException twice) {
      String name = ((OptionSpec) twice.getOverwritten()).longestName();
      return "%s: found it twice, expected it once. Remove one.".formatted(name);
    }
    return Plain.line(String.valueOf(problem.getMessage()));
  }

  private static String unmatched(UnmatchedArgumentException problem, CommandLine command) {
    String word = problem.getUnmatched().get(0);
    boolean root = command.getParent() == null;
    if (word.startsWith("-")) {
      String option = word.replaceAll("=.*", "");
      return "found unknown option %s, expected an option of '%s'.%s%s"
          .formatted(
              shown(option),
              command.getCommandSpec().qualifiedName(),
              didYouMean(option, command.getCommandSpec().optionsMap().keySet()),
              command.getCommand() instanceof RunCommand
                  ? " An objective that begins with a hyphen needs -- before it."
                  : "");
    }
    if (root && word.contains(" ")) {
      return "found an objective without a command, expected one first."
          + " Write: governance run \"<objective>\".";
    }
    if (command.getSubcommands().isEmpty()) {
      return "found %s after what '%s' takes, expected nothing more."
          .formatted(shown(word), command.getCommandSpec().qualifiedName());
    }
    String known = String.join(", ", command.getSubcommands().keySet());
    return "found unknown command %s, expected one of %s.%s"
        .formatted(shown(word), known, didYouMean(word, command.getSubcommands().keySet()));
  }

  private static String didYouMean(String word, Set<String> known) {
    return known.stream()
        .filter(candidate -> distance(word, candidate) <= Math.min(2, (candidate.length() + 1) / 2))
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)))
        .map(near -> " Did you mean '" + near + "'?")
        .orElse("");
  }

  /** Counts the insertions, deletions and replacements between two texts; a swap counts as two. */
  private static int distance(String left, String right) {
    int[] cost = IntStream.rangeClosed(0, right.length()).toArray();
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = cost[0];
      cost[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = cost[j];
        cost[j] = Math.min(replaced, Math.min(cost[j], cost[j - 1]) + 1);
      }
    }
    return cost[right.length()];
  }

  private static String shown(String text) {
    return "'" + Plain.cut(Plain.line(text), SHOWN) + "'";
  }
}
