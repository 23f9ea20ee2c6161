// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PrincipalTest {
  @Test
  void isAnAgentAPersonOrTheSystem() {
    assertThat(Principal.agent("run-alpha", TrustTier.T1))
        .isEqualTo(new Principal("agent", "run-alpha", TrustTier.T1));
    assertThat(Principal.human("ada", TrustTier.T3).kind()).isEqualTo(Principal.HUMAN);
    assertThat(Principal.system("scheduler").tier()).isEqualTo(TrustTier.T4);
  }

  @Test
  void isNothingElse() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Principal("robot", "r2", TrustTier.T0))
        .withMessage("principal kind 'robot': expected agent, human or system");
  }

  @Test
  void hasAName() {
    assertThatIllegalArgumentException().isThrownBy(() -> Principal.human(" ", TrustTier.T0));
  }
}
