// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.event.Event;
import io.agentgovernance.payload.Payload;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a process: exit code, what is on stdout and nothing else, files, signals. */
class ProcessTest {
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path directory;

  private record Ended(int exitCode, String out, String err) {}

  private ProcessBuilder java(Class<?> main, String... args) {
    return CommandProcess.in(directory).builder(main, args);
  }

  private Ended run(String... args) throws Exception {
    File out = directory.resolve("stdout").toFile();
    File err = directory.resolve("stderr").toFile();
    Process process =
        java(GovernanceCommand.class, args).redirectOutput(out).redirectError(err).start();
    return ended(process, out, err);
  }

  private static Ended ended(Process process, File out, File err) throws Exception {
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
  }

  private static Payload solution(Ended ended) {
    return Payload.json(ended.out()).at("/solution").orElseThrow();
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  /** Sentences nobody has written before. */
  private static String document(long seed, String subject) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("# " + subject + "\n\n");
    for (int i = 0; i < 12; i++) {
      text.append("The ").append(subject).append(" module q").append(random.nextInt(1_000_000));
      text.append(" must keep ").append(random.nextInt(10_000)).append(" entries.\n");
    }
    return text.toString();
  }

  @Test
  void aCompletedRunPrintsOnlyItsResult() throws Exception {
    Ended ended = run("run", "Design a rate limiter for 500 req/s per tenant", "--out", "o");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("COMPLETED  ").contains("rate limiter", "Files in o");
    assertThat(ended.out()).doesNotContain("spawned");
    assertThat(ended.err()).contains("spawned", "consensus on proposal 1");
    assertThat(names(directory.resolve("o")))
        .contains(
            "checkpoints.db", "diagram.mmd", "events.jsonl", "ledger.db", "report.md", "run.json");
  }

  @Test
  void otherWorkGivesAnotherAcceptedSolution() throws Exception {
    long seed = new Random().nextLong();
    Files.writeString(directory.resolve("a.md"), document(seed, "Billing"));
    Files.writeString(directory.resolve("b.md"), document(seed + 1, "Freight"));

    Ended a = run("run", "Plan the Billing modules", "--file", "a.md", "--json", "--quiet");
    Ended b = run("run", "Plan the Freight modules", "--file", "b.md", "--json", "--quiet");
    Ended c = run("run", "Plan the Billing modules", "--file", "b.md", "--json", "--quiet");

    for (Ended ended : List.of(a, b, c)) {
      assertThat(ended.exitCode()).as("seed %s: %s", seed, ended.err()).isZero();
      assertThat(ended.err()).isEmpty();
      assertThat(Payload.json(ended.out()).at("/proposals/0/state").map(Payload::text))
          .contains("ACCEPTED");
    }
    assertThat(List.of(solution(a), solution(b), solution(c)))
        .as("seed %s", seed)
        .doesNotHaveDuplicates();
    assertThat(solution(a).text()).contains("a.md", "Billing module q");
    assertThat(solution(b).text()).contains("b.md", "Freight module q");
  }

  @Test
  void aRunOutOfTimeEndsWith3() throws Exception {
    Ended ended = run("run", "x", "--timeout", "1ms", "--out", "o", "--json");

    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(Payload.json(ended.out()).at("/status").map(Payload::text)).contains("TIMEOUT");
    assertThat(names(directory.resolve("o"))).contains("diagram.mmd", "events.jsonl", "report.md");
  }

  @Test
  void badInputEndsWith2AndAnEmptyStdout() throws Exception {
    Ended ended = run("run", "x", "--timeout", "soon", "--json");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).startsWith("governance: --timeout: found 'soon'").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSignalStopsTheRunAndKeepsItsFiles(String signal) throws Exception {
    File out = directory.resolve("stdout").toFile();
    Process process =
        java(HangingGovernance.class, "run", "Design x", "--out", "o", "--json")
            .redirectOutput(out)
            .start();
    StringBuilder err = new StringBuilder();
    try (BufferedReader lines = process.errorReader(UTF_8)) {
      boolean sent = false;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        err.append(line).append('\n');
        if (line.contains("model asked") && !sent) {
          sent = true;
          String pid = Long.toString(process.pid());
          assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
        }
      }
    }
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();

    assertThat(process.exitValue()).as(err.toString()).isEqualTo(4);
    String json = Files.readString(out.toPath());
    assertThat(Payload.json(json).at("/status").map(Payload::text)).contains("STOPPED");
    assertThat(Files.readString(directory.resolve("o/report.md"))).contains("STOPPED");
    assertThat(names(directory.resolve("o"))).contains("diagram.mmd", "events.jsonl", "report.md");
    List<String> events = Files.readAllLines(directory.resolve("o/events.jsonl"));
    assertThat(Event.parse(events.get(events.size() - 1)).terminal()).isTrue();
  }
}
