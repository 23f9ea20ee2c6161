// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.vault.client.VaultClients;

/** The tests of this module run twice; this one says that they do so with two versions. */
class SpringVaultVersionTest {
  @Test
  void itIsTheVersionThatThisRunIsFor() {
    String jar = VaultClients.class.getProtectionDomain().getCodeSource().getLocation().getPath();

    assertThat(jar)
        .contains("spring-vault-core-" + System.getProperty("governance.spring-vault", "4.0"));
  }
}
