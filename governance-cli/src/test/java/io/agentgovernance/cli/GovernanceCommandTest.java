// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GovernanceCommandTest {

  @Test
  void printsItsVersion() {
    var out = new StringWriter();

    int exitCode =
        new CommandLine(new GovernanceCommand())
            .setOut(new PrintWriter(out, true))
            .execute("--version");

    assertThat(exitCode).isZero();
    assertThat(out.toString()).startsWith("governance ");
  }
}
