// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.redis.RedisServer;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run whose shared state and checkpoints are on Redis goes on in another process. */
@Timeout(120)
class RedisRunTest {
  private static final String OBJECTIVE = "Design a rate limiter for 500 req/s per tenant";

  @TempDir private Path directory;

  @Test
  void aKilledRunFinishesInAnotherProcess() throws Exception {
    try (RedisServer redis = RedisServer.start()) {
      String run = startAndKill(redis.uri() + "?leaseTtl=2s");

      Cli.Outcome resumed = resume(run);

      assertThat(resumed.exitCode()).as(resumed.err()).isZero();
      assertThat(resumed.out()).startsWith("COMPLETED").contains("repeated model calls: 0");
      Cli.Outcome again = Cli.in(directory).run("resume", run, "--json", "--quiet");
      Cli.Outcome whole = Cli.in(directory).run("run", OBJECTIVE, "--json", "--quiet");
      assertThat(solution(again)).isEqualTo(solution(whole));
    }
  }

  @Test
  void itDoesSoWithNothingButItsIdAndWhereItIsRemembered(@TempDir Path other) throws Exception {
    try (RedisServer redis = RedisServer.start()) {
      String uri = redis.uri() + "?leaseTtl=2s";
      String run = startAndKill(uri);

      String unknown = "01k7q3v9m2c8t4x6z0b5n1d3fg";
      Cli.Outcome nobody = Cli.in(other).run("resume", unknown, "--checkpoints", uri);
      assertThat(nobody.exitCode()).isEqualTo(2);
      assertThat(nobody.err()).contains("UNKNOWN_RUN");
      assertThat(other.resolve("runs")).as("nothing is left of it").doesNotExist();

      String[] words = {"resume", run, "--blackboard", uri, "--checkpoints", uri};
      Ended resumed = elsewhere(other, words);
      while (resumed.code() == 2 && resumed.err().contains("BUSY")) {
        resumed = elsewhere(other, words);
      }

      assertThat(resumed.code()).as(resumed.err()).isZero();
      assertThat(resumed.out()).startsWith("COMPLETED").contains("repeated model calls: 0");
      assertThat(other.resolve("runs").resolve(run).resolve("report.md")).exists();
      Cli.Outcome again = Cli.in(other).run("resume", run, "--json", "--quiet");
      Cli.Outcome whole = Cli.in(directory).run("run", OBJECTIVE, "--json", "--quiet");
      assertThat(solution(again)).isEqualTo(solution(whole));
    }
  }

  /** What a process said, and how it ended. */
  private record Ended(int code, String out, String err) {}

  private static Ended elsewhere(Path directory, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("100"));
    all.addAll(List.of(words));
    Path err = Files.createTempFile("err", "");
    Process process =
        CommandProcess.in(directory)
            .builder(HaltingGovernance.class, all.toArray(String[]::new))
            .redirectError(err.toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, Files.readString(err));
  }

  @Test
  void aServerThatIsNotThereIsToldInOneLine() {
    RedisServer redis = RedisServer.start();
    String uri = redis.uri();
    redis.close();

    Cli.Outcome refused = Cli.in(directory).run("run", OBJECTIVE, "--blackboard", uri);

    assertThat(refused.exitCode()).as(refused.err()).isNotZero();
    assertThat(refused.err()).contains(uri.substring(uri.lastIndexOf('/') + 1));
    assertThat(refused.err().strip().lines()).hasSize(1);
  }

  private String startAndKill(String uri) throws Exception {
    Process process =
        CommandProcess.in(directory)
            .start(
                HaltingGovernance.class,
                "2",
                "run",
                OBJECTIVE,
                "--blackboard",
                uri,
                "--checkpoints",
                uri);
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
    return run;
  }

  /** The hold of a process that was killed lasts for its lease; until then the run is busy. */
  private Cli.Outcome resume(String run) {
    Cli.Outcome outcome = Cli.in(directory).run("resume", run);
    while (outcome.exitCode() == 2 && outcome.err().contains("BUSY")) {
      outcome = Cli.in(directory).run("resume", run);
    }
    return outcome;
  }

  private static Payload solution(Cli.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return Payload.json(outcome.out()).at("/solution").orElseThrow();
  }
}
