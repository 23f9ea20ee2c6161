// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a main class of these tests in a JVM of its own. */
final class OwnProcess {
  private static final int SECONDS = 150;

  private OwnProcess() {}

  /** Returns the lines it wrote; fails if it does not end well, or in time. */
  static List<String> linesOf(Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    try {
      Path output = Files.createTempFile("own-process", ".txt");
      try {
        return run(command, output);
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> run(List<String> command, Path output) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      List<String> lines = Files.readAllLines(output);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(
            (ended ? "exit code " + process.exitValue() : "no end in " + SECONDS + " s")
                + ":\n"
                + String.join("\n", lines));
      }
      return lines;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      process.destroyForcibly();
    }
  }
}
