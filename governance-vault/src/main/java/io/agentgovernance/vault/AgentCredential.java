// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.TierCredentials;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The token of one agent, and the one after it when its time or its uses are over. Thread safe. */
final class AgentCredential implements TierCredentials.Credential, VaultReader.Tokens {
  private final VaultTierCredentials issuer;
  private final VaultReader reader;
  private final RunId run;
  private final AgentId agent;
  private final TrustTier tier;
  private final ReentrantLock lock = new ReentrantLock();
  private VaultTierCredentials.@Nullable Made made;
  private Redactor.@Nullable Registration known;
  private boolean closed;

  AgentCredential(VaultTierCredentials issuer, RunId run, AgentId agent, TrustTier tier) {
    this.issuer = issuer;
    this.reader = new VaultReader(issuer.source().http(), issuer.source().mount());
    this.run = run;
    this.agent = agent;
    this.tier = tier;
  }

  @Override
  public boolean reads(String reference) {
    return VaultReference.is(reference);
  }

  @Override
  public Secret read(String reference) {
    return reader.read(reference, this);
  }

  @Override
  public char[] token() {
    lock.lock();
    try {
      if (closed) {
        throw VaultErrors.failure(
            Reason.DENIED,
            VaultReference.SCHEME,
            "an agent whose token was revoked",
            "one that may act",
            "Read secrets while the agent may act.");
      }
      VaultTierCredentials.Made current = made;
      if (current == null || current.token().expired(issuer.time().ticks(), VaultSession.MARGIN)) {
        forget();
        current = issuer.make(run, agent, tier);
        made = current;
        known = current.token().registered(issuer.redactor());
      }
      return current.token().copy();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void refused(char[] token) {
    lock.lock();
    try {
      if (made != null && made.token().is(token)) {
        forget();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean repeatable() {
    return true;
  }

  private void forget() {
    VaultTierCredentials.Made current = made;
    Redactor.Registration registration = known;
    made = null;
    known = null;
    if (current != null) {
      current.token().close();
    }
    if (registration != null) {
      registration.close();
    }
  }

  @Override
  public void close() {
    String accessor = null;
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        accessor = made == null ? null : made.accessor();
        forget();
      }
    } finally {
      lock.unlock();
    }
    if (accessor != null) {
      issuer.revoke(accessor);
    }
  }
}
