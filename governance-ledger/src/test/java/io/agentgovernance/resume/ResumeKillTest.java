// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.resume;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.sqlite.SqliteCheckpointStore;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.sqlite.AnchorKeys;
import io.agentgovernance.ledger.sqlite.SqliteLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * F28: a process that is killed at any step, or in the middle of one, is resumed by another, which
 * comes to the same and makes no finished call again.
 */
class ResumeKillTest {
  private static final boolean SOAK = Boolean.getBoolean("governance.soak");
  private static final int ROUNDS = SOAK ? 5 : 1;

  /** What an uninterrupted run came to. */
  private static @Nullable Came whole;

  private static int steps;
  private static int calls;

  @TempDir private Path folder;

  /** When a process is killed. */
  enum Moment {
    /** After a phase was finished. */
    STEP,
    /** When a call has reached the provider. */
    CALL,
    /** When the provider has answered. */
    ANSWER
  }

  /** A kill: the first, second, … moment of a kind. */
  record Point(Moment moment, int number) {}

  /** What a run came to. */
  record Came(String solution, Map<String, String> blackboard) {}

  @BeforeAll
  static void anUninterruptedRun(@TempDir Path folder) throws Exception {
    RunId run = RunId.random();
    try (var server = new CallServer();
        var child = new Child(folder, server, run, "start")) {
      List<String> lines = child.rest();
      steps = (int) lines.stream().filter(line -> line.startsWith("step ")).count();
      calls = server.total();
      whole = came(folder, run, lines);
    }
    assertThat(steps).isEqualTo(24);
    assertThat(calls).isGreaterThan(8);
  }

  @AfterAll
  static void forget() {
    whole = null;
  }

  static Stream<Point> points() {
    List<Point> points = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (int step = 1; step <= steps; step += SOAK ? 1 : 6) {
        points.add(new Point(Moment.STEP, step));
      }
      for (int call = 1; call <= calls; call += SOAK ? 1 : 4) {
        points.add(new Point(Moment.CALL, call));
        points.add(new Point(Moment.ANSWER, call));
      }
    }
    return points.stream();
  }

  @ParameterizedTest
  @MethodSource("points")
  void comesToTheSame(Point point) throws Exception {
    RunId run = RunId.random();
    try (var server = new CallServer()) {
      startAndKill(server, run, "start", point);
      try (var resumed = new Child(folder, server, run, "resume")) {
        finishes(server, run, resumed.rest(), 1);
      }
    }
  }

  @Test
  void comesToTheSameThoughItIsKilledAgainAndAgain() throws Exception {
    RunId run = RunId.random();
    try (var server = new CallServer()) {
      startAndKill(server, run, "start", new Point(Moment.CALL, 1));
      startAndKill(server, run, "resume", new Point(Moment.ANSWER, 2));
      startAndKill(server, run, "resume", new Point(Moment.STEP, 1));
      startAndKill(server, run, "resume", new Point(Moment.CALL, 3));
      try (var resumed = new Child(folder, server, run, "resume")) {
        finishes(server, run, resumed.rest(), 4);
      }
    }
  }

  @Test
  void ofTwoThatResumeAtOnceOneDoes() throws Exception {
    RunId run = RunId.random();
    try (var server = new CallServer()) {
      startAndKill(server, run, "start", new Point(Moment.CALL, 2));
      List<String> one;
      List<String> other;
      try (var first = new Child(folder, server, run, "resume");
          var second = new Child(folder, server, run, "resume")) {
        one = first.rest();
        other = second.rest();
      }
      boolean firstWon = last(one).startsWith("result ");
      // The loser was refused, or came when the winner had finished and was given its result.
      String loser = last(firstWon ? other : one);
      assertThat(loser)
          .satisfiesAnyOf(
              line -> assertThat(line).startsWith("refused ").contains("Locked"),
              line -> assertThat(line).startsWith("result COMPLETED "));
      finishes(server, run, firstWon ? one : other, 1);
    }
  }

  private void startAndKill(CallServer server, RunId run, String how, Point point)
      throws Exception {
    try (var child = new Child(folder, server, run, how)) {
      server.on(
          number -> child.killIf(point.equals(new Point(Moment.CALL, number))),
          number -> child.killIf(point.equals(new Point(Moment.ANSWER, number))));
      int seen = 0;
      for (String line = child.line(); line != null; line = child.line()) {
        if (line.startsWith("step ")) {
          child.killIf(point.equals(new Point(Moment.STEP, ++seen)));
        }
      }
      child.ended();
      server.on(number -> {}, number -> {});
      server.died();
    }
  }

  private void finishes(CallServer server, RunId run, List<String> lines, int deaths)
      throws IOException {
    String[] result = last(lines).split(" ", -1);
    assertThat(result[0] + " " + result[1])
        .as(String.join("\n", lines))
        .isEqualTo("result COMPLETED");
    assertThat(result[3]).as("finished calls made again, by the ledger").isEqualTo("0");
    assertThat(Integer.parseInt(result[4]))
        .as("calls in flight made again, by the ledger")
        .isLessThanOrEqualTo(3 * deaths);
    assertThat(lines).noneMatch(line -> line.startsWith("warning "));
    assertThat(server.repeated()).as("by the provider's count").isEmpty();
    assertThat(server.different()).isEqualTo(calls);
    assertThat(came(folder, run, lines)).isEqualTo(whole);
    assertThat(
            SqliteLedger.verify(
                folder.resolve("ledger.db"), AnchorKeys.read(folder.resolve("keys/key.pub"))))
        .isInstanceOf(Verification.Ok.class);
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }

  private static Came came(Path folder, RunId run, List<String> lines) {
    Map<String, String> blackboard = new TreeMap<>();
    try (var store = SqliteCheckpointStore.open(folder.resolve("checkpoints.db"))) {
      assertThat(store.unfinished(10)).doesNotContain(run);
      for (Delta delta : store.read(run, 0, 100_000)) {
        if (delta instanceof Delta.Changed changed
            && changed.command() instanceof Command.Write write) {
          blackboard.put(write.key(), write.value().digest().hex());
        }
      }
    }
    return new Came(last(lines).split(" ", -1)[2], blackboard);
  }

  /** The process that runs the agents. */
  private static final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    Child(Path folder, CallServer server, RunId run, String how) throws IOException {
      Path log = Files.createDirectories(folder.resolve("logs")).resolve(how + ".log");
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KillableMain.class.getName(),
                  folder.toString(),
                  Integer.toString(server.port()),
                  run.value(),
                  how)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      output = process.inputReader(StandardCharsets.UTF_8);
    }

    @Nullable String line() throws IOException {
      return output.readLine();
    }

    List<String> rest() throws Exception {
      List<String> lines = new ArrayList<>();
      for (String line = line(); line != null; line = line()) {
        lines.add(line);
      }
      ended();
      assertThat(lines).isNotEmpty();
      return lines;
    }

    void killIf(boolean due) {
      if (due) {
        process.toHandle().destroyForcibly(); // kill -9; what it said can still be read
      }
    }

    void ended() throws InterruptedException {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
