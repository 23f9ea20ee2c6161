// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.SecretSource;

/** A key that has to stay unseen. */
final class TestKeys {
  static final String KEY = "sk-or-v1-testkeytestkeytestkey";
  static final SecretSource SOURCE = reference -> Secret.of(KEY);

  private TestKeys() {}
}
