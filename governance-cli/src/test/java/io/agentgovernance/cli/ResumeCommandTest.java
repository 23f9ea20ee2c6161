// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.event.Event;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.sqlite.AnchorKeys;
import io.agentgovernance.ledger.sqlite.SqliteLedger;
import io.agentgovernance.payload.Payload;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run whose process dies goes on. */
class ResumeCommandTest {
  private static final String OBJECTIVE = "Design a rate limiter for 500 req/s per tenant";

  @TempDir private Path directory;

  /** The process dies while its model has answered so many times. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void aKilledRunFinishes(int answers) throws Exception {
    Process process =
        CommandProcess.in(directory)
            .start(HaltingGovernance.class, Integer.toString(answers), "run", OBJECTIVE);
    String run = "";
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("governance resume ")) {
          run = line.substring(line.lastIndexOf(' ') + 1);
        }
        if (line.contains("model asked for the last time")) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(128 + 9);

    Cli.Outcome resumed = Cli.in(directory).run("resume", run);

    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.out()).startsWith("COMPLETED").contains("repeated model calls: 0");
    assertThat(resumed.err()).contains("run " + run + ", resumed");
    Path folder = directory.resolve("runs").resolve(run);
    Verification verification =
        SqliteLedger.verify(
            folder.resolve("ledger.db"),
            AnchorKeys.read(Stores.publicKey(directory.resolve("home"))));
    assertThat(verification).isInstanceOf(Verification.Ok.class);
    Cli.Outcome verify = Cli.in(directory).run("ledger", "verify", "runs/" + run + "/ledger.db");
    assertThat(verify.exitCode()).as(verify.err()).isZero();
    assertThat(verify.out()).startsWith("OK");
    List<String> events = Files.readAllLines(folder.resolve("events.jsonl"));
    assertThat(Event.parse(events.get(events.size() - 1)).terminal()).isTrue();
    assertThat(events).filteredOn(line -> line.contains("\"orchestration_resumed\"")).hasSize(1);
    assertThat(solution(run)).isEqualTo(solutionOfAnUninterruptedRun());
  }

  private Payload solution(String run) {
    Cli.Outcome again = Cli.in(directory).run("resume", run, "--json", "--quiet");
    assertThat(again.exitCode()).as("of a run that has ended: " + again.err()).isZero();
    return Payload.json(again.out()).at("/solution").orElseThrow();
  }

  private Payload solutionOfAnUninterruptedRun() {
    Cli.Outcome whole = Cli.in(directory).run("run", OBJECTIVE, "--json", "--quiet");
    return Payload.json(whole.out()).at("/solution").orElseThrow();
  }

  @Test
  void aFolderCanBeNamedInsteadOfTheRun() throws IOException {
    assertThat(Cli.in(directory).run("run", OBJECTIVE, "--out", "o", "--quiet").exitCode())
        .isZero();
    Files.delete(directory.resolve("o/report.md"));

    Cli.Outcome again = Cli.in(directory).run("resume", "o");

    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).startsWith("COMPLETED").contains("repeated model calls: 0");
    assertThat(directory.resolve("o/report.md")).exists();
  }

  @Test
  void whatCannotBeResumedIsToldInOneLine() throws IOException {
    assertThat(Cli.in(directory).run("resume")).satisfies(o -> refused(o, "no run"));
    assertThat(Cli.in(directory).run("resume", "a", "b")).satisfies(o -> refused(o, "2 runs"));
    assertThat(Cli.in(directory).run("resume", "nothing-here"))
        .satisfies(o -> refused(o, "run.json", "no such place"));
    assertThat(Cli.in(directory).run("resume", "")).satisfies(o -> refused(o, "an empty path"));

    Path folder = Files.createDirectory(directory.resolve("f"));
    Path file = folder.resolve("run.json");
    Files.writeString(file, "{");
    assertThat(Cli.in(directory).run("resume", "f")).satisfies(o -> refused(o, "run.json"));
    Files.writeString(file, "{\"version\":2,\"run\":\"r\",\"mode\":\"local\",\"models\":[]}");
    assertThat(Cli.in(directory).run("resume", "f")).satisfies(o -> refused(o, "version 2"));
    Files.writeString(file, "{\"version\":1,\"run\":\"r\",\"mode\":\"local\",\"models\":[]}");
    assertThat(Cli.in(directory).run("resume", "f"))
        .satisfies(o -> refused(o, "UNKNOWN_RUN", "no run of that id"));
    assertThat(Cli.in(directory).run("resume", "f", "--timeout", "soon"))
        .satisfies(o -> refused(o, "--timeout"));
  }

  private static void refused(Cli.Outcome outcome, String... parts) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains(parts);
    assertThat(outcome.out()).isEmpty();
  }
}
