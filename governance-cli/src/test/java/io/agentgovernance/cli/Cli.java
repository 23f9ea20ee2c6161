// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.model.ChatModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Runs the command inside the test, in a folder of its own. */
final class Cli {
  private final Path directory;
  private Map<String, String> environment = Map.of();
  private byte[] stdin = {};
  private Terminal terminal = Terminal.NONE;
  private Interrupts interrupts = Interrupts.NEVER;
  private Host.Models models = Host.Models.BY_URI;

  /** What came of it. */
  record Outcome(int exitCode, String out, String err) {}

  private OutputStream out = OutputStream.nullOutputStream();

  private Cli(Path directory) {
    this.directory = directory;
  }

  static Cli in(Path directory) {
    return new Cli(directory);
  }

  Cli environment(Map<String, String> environment) {
    this.environment = environment;
    return this;
  }

  Cli stdin(byte[] bytes) {
    this.stdin = bytes;
    return this;
  }

  /** Where stdout goes as well. */
  Cli out(OutputStream target) {
    this.out = target;
    return this;
  }

  Cli terminal(Terminal terminal) {
    this.terminal = terminal;
    return this;
  }

  Cli interrupts(Interrupts interrupts) {
    this.interrupts = interrupts;
    return this;
  }

  Cli model(ChatModel model) {
    this.models = (builder, uris) -> builder.model("test", model);
    return this;
  }

  Outcome run(String... args) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    OutputStream also = out;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        GovernanceCommand.execute(
            new Host(
                environment,
                directory,
                directory.resolve("home"),
                new ByteArrayInputStream(stdin),
                new PrintStream(tee(printed, also), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                terminal,
                interrupts,
                models),
            args);
    return new Outcome(
        exitCode, printed.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static OutputStream tee(OutputStream one, OutputStream other) {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        one.write(value);
        other.write(value);
      }
    };
  }
}
