// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.OrchestratorBuilder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything the command sees of the world outside, so that it can run inside a test.
 *
 * @param environment the environment variables
 * @param directory what relative paths are relative to
 * @param home the user's own folder, where keys are
 * @param in where {@code -} is read from
 * @param out takes the result and nothing else
 * @param err takes the timeline and messages
 * @param terminal what is known of the terminal
 * @param interrupts tells of Ctrl-C
 * @param models how the models that were asked for get into an orchestrator
 */
record Host(
    Map<String, String> environment,
    Path directory,
    Path home,
    InputStream in,
    PrintStream out,
    PrintStream err,
    Terminal terminal,
    Interrupts interrupts,
    Models models) {

  /** Names models to a builder, in the order of fallback. */
  @FunctionalInterface
  interface Models {
    /** By URI, as any host application would. */
    Models BY_URI = (builder, uris) -> uris.forEach(builder::model);

    void choose(OrchestratorBuilder builder, List<String> uris);
  }

  Host {
    environment = Map.copyOf(environment);
    requireNonNull(directory, "directory");
    requireNonNull(home, "home");
    requireNonNull(in, "in");
    requireNonNull(out, "out");
    requireNonNull(err, "err");
    requireNonNull(terminal, "terminal");
    requireNonNull(interrupts, "interrupts");
    requireNonNull(models, "models");
  }

  /** The process the command runs in. Text goes out as UTF-8 whatever the locale. */
  static Host process(Interrupts interrupts) {
    return new Host(
        System.getenv(),
        Path.of("").toAbsolutePath(),
        Path.of(System.getProperty("user.home", "")).toAbsolutePath(),
        System.in,
        utf8(FileDescriptor.out),
        utf8(FileDescriptor.err),
        Terminal.of(System.getProperties(), System.getenv()),
        interrupts,
        Models.BY_URI);
  }

  private static PrintStream utf8(FileDescriptor target) {
    return new PrintStream(new FileOutputStream(target), true, StandardCharsets.UTF_8);
  }
}
