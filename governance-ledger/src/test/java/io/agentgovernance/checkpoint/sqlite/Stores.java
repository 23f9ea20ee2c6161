// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What the tests write, and how they look at files. */
final class Stores {
  static final Instant AT = Instant.parse("2026-11-20T10:00:00.123456789Z");

  private Stores() {}

  /** How often something is tried: ten times as often with {@code -Psoak}. */
  static int trials(int times) {
    return Boolean.getBoolean("governance.soak") ? 10 * times : times;
  }

  static Path file(Path folder) {
    return folder.resolve("checkpoints.db");
  }

  static SqliteCheckpointStoreBuilder builder(Path folder) {
    return SqliteCheckpointStore.builder(file(folder));
  }

  static Delta elapsed(int number) {
    return new Delta.Elapsed(Duration.ofMillis(number));
  }

  static List<Delta> elapsed(int from, int to) {
    return IntStream.range(from, to).mapToObj(Stores::elapsed).toList();
  }

  static int number(Delta delta) {
    return (int) ((Delta.Elapsed) delta).active().toMillis();
  }

  static Delta.Marked marked(RunId run, long sequence) {
    return new Delta.Marked(
        new Checkpoint(run, sequence, AT, PipelineStatus.ORCHESTRATING, Payload.text("detail")));
  }

  /** Starts a run with one delta. */
  static RunId started(CheckpointStore store) {
    RunId run = RunId.random();
    store.append(run, store.claim(run, 0).orElseThrow(), elapsed(0, 1));
    return run;
  }

  /** Starts a run and ends it. */
  static RunId ended(CheckpointStore store) {
    RunId run = started(store);
    store.finish(run, 1);
    return run;
  }

  static List<Delta> all(CheckpointStore store, RunId run) {
    return store.read(run, 0, Integer.MAX_VALUE);
  }

  static Connection raw(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  static void sql(Path file, String... statements) throws SQLException {
    try (var connection = raw(file);
        var statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    }
  }

  /** Copies database and log of a store that nobody has open. */
  static Path copy(Path file, Path folder) {
    try {
      Files.createDirectories(folder);
      Path copy = folder.resolve(file.getFileName());
      for (String suffix : List.of("", "-wal", "-shm")) {
        Path to = Path.of(copy + suffix);
        Files.deleteIfExists(to);
        Path from = Path.of(file + suffix);
        if (Files.exists(from) && !suffix.equals("-shm")) {
          Files.copy(from, to);
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns how to start a class of the tests in another JVM. */
  static List<String> java(Class<?> main, String... args) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(args));
    return command;
  }
}
