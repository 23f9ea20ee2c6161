// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GovernanceCommandTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"version", "--version"})
  void printsItsVersion(String argument) {
    Cli.Outcome outcome = Cli.in(directory).run(argument);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).startsWith("governance ").contains("java " + Runtime.version());
    assertThat(outcome.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"help", "--help"})
  void printsWhatItCanDo(String argument) {
    Cli.Outcome outcome = Cli.in(directory).run(argument);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("Usage: governance", "run", "version", "help");
  }

  @Test
  void explainsTheOptionsAndExitCodesOfRun() {
    Cli.Outcome outcome = Cli.in(directory).run("help", "run");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out())
        .contains("--file", "--mode", "--model", "--base-url", "--timeout", "--blackboard")
        .contains("--ledger", "--checkpoints", "--out", "--json", "--quiet", "--no-color")
        .contains("3   TIMEOUT", "4   STOPPED", "ORCHESTRATION_TIMEOUT");
    assertThat(outcome.out().lines()).allMatch(line -> line.length() <= 80);
  }
}
