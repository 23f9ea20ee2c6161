// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.redis.RedisServer;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
