// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the command as a process of its own, in a folder of its own. */
final class CommandProcess {
  private final Path directory;

  private CommandProcess(Path directory) {
    this.directory = directory;
  }

  static CommandProcess in(Path directory) {
    return new CommandProcess(directory);
  }

  ProcessBuilder builder(Class<?> main, String... args) {
    List<String> command = new ArrayList<>(resetSignals());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED"); // as ./governance does
    }
    command.add("-Duser.home=" + directory.resolve("home"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("[A-Z]+_.*(THRESHOLD|TIMEOUT)"));
    builder.environment().keySet().removeIf(name -> name.startsWith("OPENROUTER_"));
    return builder;
  }

  Process start(Class<?> main, String... args) throws IOException {
    return builder(main, args).start();
  }

  /** A build in the background of a script ignores SIGINT, and its children would too. */
  private static List<String> resetSignals() {
    try {
      Process probe = new ProcessBuilder("env", "--default-signal=INT", "true").start();
      return probe.waitFor() == 0 ? List.of("env", "--default-signal=INT") : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
