// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.spi.SecretSource;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command reads secrets in Vault as Vault's own command would. */
class VaultVariablesTest {
  @TempDir private Path folder;

  @Test
  void theAddressIsThatOfTheVariable() {
    assertThatExceptionOfType(GovernanceException.class)
        .isThrownBy(() -> open(Map.of("VAULT_ADDR", "http://127.0.0.1:1", "VAULT_TOKEN", "t0k3n")))
        .withMessageContaining("no connection from http://127.0.0.1:1");
  }

  @Test
  void withoutOneItSaysWhatToSet() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> open(Map.of()))
        .withMessageContaining("vault.address");
  }

  @Test
  void blankVariablesAreNone() {
    OrchestratorBuilder builder = Orchestrator.builder().model("local:");
    VaultVariables.configure(builder, Map.of("VAULT_ADDR", " "));
    try (Orchestrator orchestrator = builder.build()) {
      assertThat(orchestrator.describe()).contains("local:");
    }
  }

  private void open(Map<String, String> environment) {
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .model("local:")
            .secrets(SecretSource.environment(environment))
            .ledger("sqlite:" + folder.resolve("ledger.db") + "?key=vault:ledger/key");
    VaultVariables.configure(builder, environment);
    builder.build().close();
  }
}
