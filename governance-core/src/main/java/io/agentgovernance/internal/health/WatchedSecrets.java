// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.health.Component;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.spi.SecretSource;

/** Sources of secrets of which every reading is counted. Thread safe. */
public final class WatchedSecrets implements SecretSource {
  private final SecretSource real;
  private final Watch watch;

  public WatchedSecrets(SecretSource real, HealthBook book) {
    this.real = real;
    this.watch =
        new Watch(
            book,
            Component.SECRETS,
            e -> e instanceof SecretUnavailableException unavailable && unavailable.retryable());
  }

  @Override
  public Secret read(String reference) {
    return watch.call(() -> real.read(reference));
  }

  @Override
  public boolean reads(String reference) {
    return real.reads(reference);
  }

  @Override
  public void close() {
    real.close();
  }
}
