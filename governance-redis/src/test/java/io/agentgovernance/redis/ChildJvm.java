// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Another JVM that runs a main of these tests and says on its standard output what it did. */
final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  static ChildJvm start(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Returns what it says next, or null at its end. */
  @Nullable String line() throws IOException {
    return output.readLine();
  }

  /** {@code kill -9}. Returns what it had said and nobody had read. */
  List<String> kill() throws IOException, InterruptedException {
    // The process itself would close what it had said, too.
    boolean unused = process.toHandle().destroyForcibly();
    List<String> rest = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      rest.add(line);
    }
    int code = process.waitFor();
    if (code == 0) {
      throw new AssertionError("it had ended by itself");
    }
    return rest;
  }

  @Override
  public void close() {
    Process unused = process.destroyForcibly();
  }
}
