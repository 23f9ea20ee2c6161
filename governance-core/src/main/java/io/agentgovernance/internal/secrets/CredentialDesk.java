// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.spi.TierCredentials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads secrets for the tools of agents: with the agent's own credentials, if the host issues them.
 * Follows the events of runs, and revokes the credentials of an agent that has ended, in whatever
 * way, and of all agents of a run that has. Thread safe.
 */
public final class CredentialDesk implements EventListener, AutoCloseable {
  private record Holder(RunId run, AgentId agent) {}

  private record Issued(TrustTier tier, TierCredentials.Credential credential) {}

  private final SecretSource secrets;
  private final @Nullable TierCredentials issuer;
  private final Redactor redactor;
  private final Executor revoking;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Holder, Issued> issued = new HashMap<>();
  private final Recognised recognised = new Recognised();
  private boolean closed;

  /**
   * A desk.
   *
   * @param secrets where secrets come from that no agent has credentials of its own for
   * @param issuer who issues credentials, if anybody does
   * @param revoking where credentials are revoked, which may block
   */
  public CredentialDesk(
      SecretSource secrets,
      @Nullable TierCredentials issuer,
      Redactor redactor,
      Executor revoking) {
    this.secrets = requireNonNull(secrets, "secrets");
    this.issuer = issuer;
    this.redactor = requireNonNull(redactor, "redactor");
    this.revoking = requireNonNull(revoking, "revoking");
  }

  /**
   * Reads a secret for a tool of an agent. Blocks as the source does.
   *
   * @param ended whether the agent may not act any more
   */
  public Secret read(
      RunId run, AgentId agent, TrustTier tier, String reference, BooleanSupplier ended) {
    refuseIfEnded(reference, ended);
    if (issuer == null) {
      return secrets.read(reference);
    }
    Holder holder = new Holder(run, agent);
    TierCredentials.Credential credential = credential(issuer, holder, tier);
    if (ended.getAsBoolean()) {
      revoke(holder::equals); // it ended while they were issued
    }
    refuseIfEnded(reference, ended);
    if (!credential.reads(reference)) {
      return secrets.read(reference);
    }
    Secret secret = credential.read(reference);
    // Known until the end of the orchestrator or until many others were read, as all secrets are.
    secret.use(value -> recognised.add(redactor.register(value)));
    return secret;
  }

  private static void refuseIfEnded(String reference, BooleanSupplier ended) {
    if (ended.getAsBoolean()) {
      throw new SecretUnavailableException(
          Reason.DENIED,
          reference,
          "an agent that may not act any more",
          "one that may",
          "Read secrets while the tool's call goes on.");
    }
  }

  private TierCredentials.Credential credential(
      TierCredentials from, Holder holder, TrustTier tier) {
    Issued known;
    lock.lock();
    try {
      known = issued.get(holder);
    } finally {
      lock.unlock();
    }
    if (known != null && known.tier() == tier) {
      return known.credential();
    }
    if (known != null) {
      revoke(holder::equals); // promoted or demoted since
    }
    TierCredentials.Credential made = from.issue(holder.run(), holder.agent(), tier);
    Issued before = null;
    boolean late;
    lock.lock();
    try {
      late = closed;
      if (!late) {
        before = issued.putIfAbsent(holder, new Issued(tier, made));
      }
    } finally {
      lock.unlock();
    }
    if (late || before != null) {
      made.close(); // another call of the agent was quicker, or the orchestrator is closed
    }
    return before == null ? made : before.credential();
  }

  @Override
  public void onEvent(Event event) {
    if (event.terminal()) {
      revoke(holder -> holder.run().equals(event.run()));
    } else if (event.type().equals(EventTypes.AGENT_STATUS) && ended(event)) {
      event
          .data()
          .at("/agent_id")
          .ifPresent(
              id ->
                  revoke(
                      holder ->
                          holder.run().equals(event.run())
                              && holder.agent().value().equals(id.text())));
    }
  }

  private static boolean ended(Event event) {
    String to = event.data().at("/to").map(Payload::text).orElse("");
    return Arrays.stream(AgentStatus.values())
        .anyMatch(status -> status.isTerminal() && status.name().equals(to));
  }

  /** Whether events are of any use to it. */
  public boolean listens() {
    return issuer != null;
  }

  private void revoke(Predicate<Holder> whose) {
    List<TierCredentials.Credential> gone = new ArrayList<>();
    lock.lock();
    try {
      issued
          .entrySet()
          .removeIf(
              entry -> {
                boolean matches = whose.test(entry.getKey());
                if (matches) {
                  gone.add(entry.getValue().credential());
                }
                return matches;
              });
    } finally {
      lock.unlock();
    }
    for (TierCredentials.Credential credential : gone) {
      try {
        revoking.execute(credential::close);
      } catch (RejectedExecutionException e) {
        credential.close();
      }
    }
  }

  /** Revokes what is left, also of runs that are left to be resumed. Does not wait. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    revoke(holder -> true);
    recognised.close();
  }
}
