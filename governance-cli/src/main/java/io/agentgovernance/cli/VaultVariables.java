// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.OrchestratorBuilder;
import java.util.Map;

/** The variables of Vault's own command, as settings of the artifact that reads secrets there. */
final class VaultVariables {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "VAULT_ADDR", "vault.address",
          "VAULT_NAMESPACE", "vault.namespace",
          "VAULT_CACERT", "vault.ca-certificate",
          "VAULT_AUTH", "vault.auth",
          "VAULT_ROLE", "vault.role");

  private VaultVariables() {}

  static void configure(OrchestratorBuilder builder, Map<String, String> environment) {
    SETTINGS.forEach(
        (variable, setting) -> {
          String value = environment.get(variable);
          if (value != null && !value.isBlank()) {
            builder.providerSetting(setting, value);
          }
        });
  }
}
