// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Outcome;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
  @Test
  void everyOutcomeHasItsExitCode() {
    assertThat(ExitCode.of(new Outcome.Accepted(Payload.text("x"), "QUORUM"))).isEqualTo(0);
    assertThat(ExitCode.of(new Outcome.NoConsensus("no proposal"))).isEqualTo(1);
    assertThat(ExitCode.of(new Outcome.Failed("LEDGER", "gone"))).isEqualTo(1);
    assertThat(ExitCode.of(new Outcome.TimedOut(Duration.ofSeconds(1)))).isEqualTo(3);
    assertThat(ExitCode.of(new Outcome.Stopped("host", "enough"))).isEqualTo(4);
    assertThat(ExitCode.of(new Outcome.AwaitingApproval(List.of()))).isEqualTo(5);
  }
}
