// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** An example in a process of its own; what it says is said here too. */
final class SecondProcess {
  private final Process process;
  private final Thread reader;

  private SecondProcess(Process process, Thread reader) {
    this.process = process;
    this.reader = reader;
  }

  /**
   * Starts a main class with arguments.
   *
   * @param said told each line it prints
   */
  static SecondProcess start(Class<?> main, List<String> arguments, Consumer<String> said)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-XX:TieredStopAtLevel=1"); // it does not live for long
    command.add("-XX:+UseSerialGC");
    command.add("-cp");
    command.add(classPath(main));
    command.add(main.getName());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread reader = new Thread(() -> read(process, said), "second-process");
    reader.setDaemon(true);
    reader.start();
    return new SecondProcess(process, reader);
  }

  /** Waits until it has ended and said all. */
  int waitFor() throws InterruptedException {
    int code = process.waitFor();
    reader.join();
    return code;
  }

  /** Kills it (kill -9). */
  void kill() {
    boolean unused = process.toHandle().destroyForcibly(); // its output is read to the end
  }

  Process process() {
    return process;
  }

  private static void read(Process process, Consumer<String> said) {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        System.out.println("second process: " + line);
        said.accept(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class path of this program, also where Maven runs it within its own process. */
  private static String classPath(Class<?> main) {
    if (main.getClassLoader() instanceof URLClassLoader own) {
      return Arrays.stream(own.getURLs())
          .map(url -> Path.of(URI.create(url.toString())).toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }
}
