// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class ProviderSettingTest {
  @Test
  void aBlankNameOrValueIsRefused() {
    OrchestratorBuilder builder = Orchestrator.builder();

    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> builder.providerSetting(" ", "x"))
        .withMessageContaining("a blank name");
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> builder.providerSetting("openrouter.base-url", ""))
        .withMessageContaining("a blank value of 'openrouter.base-url'");
  }
}
