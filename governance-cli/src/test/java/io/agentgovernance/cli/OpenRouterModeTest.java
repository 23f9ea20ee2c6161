// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.ModelServer;
import java.io.BufferedReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command against an OpenAI-compatible server, each in a process of its own. */
class OpenRouterModeTest {
  private static final long LIMIT_SECONDS = 60;

  @TempDir private Path directory;
  private Process server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.destroy();
    }
  }

  private String serve(String manners) throws Exception {
    server = CommandProcess.in(directory).start(ModelServer.class, manners);
    BufferedReader lines = server.inputReader(UTF_8);
    return lines.readLine();
  }

  private record Ended(int exitCode, String out, String err) {}

  private Ended run(String... args) throws Exception {
    File out = directory.resolve("stdout").toFile();
    File err = directory.resolve("stderr").toFile();
    Process process =
        CommandProcess.in(directory)
            .builder(GovernanceCommand.class, args)
            .redirectOutput(out)
            .redirectError(err)
            .start();
    assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "messy"})
  void aRunIsCompletedWhateverTheMannersOfTheModel(String manners) throws Exception {
    String url = serve(manners);

    Ended ended =
        run(
            "run",
            "Design a rate limiter for 500 req/s per tenant",
            "--mode",
            "openrouter",
            "--base-url",
            url,
            "--model",
            "local-7b",
            "--out",
            "o",
            "--json");

    assertThat(ended.exitCode()).as(ended.err()).isZero();
    Payload result = Payload.json(ended.out());
    assertThat(result.at("/status").map(Payload::text)).contains("COMPLETED");
    assertThat(result.at("/solution").orElseThrow().text()).contains("rate limiter");
    assertThat(result.at("/usage/prompt_tokens").map(Payload::json).orElse("0")).isNotEqualTo("0");
    assertThat(Files.readString(directory.resolve("o/run.json"))).contains(url, "local-7b");
    assertThat(ended.err()).contains("consensus");
  }

  @Test
  void aServerThatIsNotThereEndsTheRunWithWhatToCheck() throws Exception {
    Ended ended =
        run(
            "run",
            "x",
            "--mode",
            "openrouter",
            "--base-url",
            "http://127.0.0.1:9/v1",
            "--model",
            "m",
            "--timeout",
            "20s",
            "--out",
            "o");

    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
    assertThat(ended.out()).contains("no connection", "Check that the server runs");
  }

  @Test
  void withoutAKeyItSaysInOneLineHowToGetOneAndHowToDoWithout() throws Exception {
    Ended ended = run("run", "x", "--mode", "openrouter", "--json");

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .contains("OPENROUTER_API_KEY", "https://openrouter.ai/settings/keys", "--mode local");
  }
}
