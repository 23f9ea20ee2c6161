// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Log;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.TierCredentials;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpMethod;

/**
 * Gives each agent a token of Vault of its own, with the policy of its trust tier and no other.
 *
 * <p>The token is made with the token role {@code governance-t0} to {@code governance-t4}, lives 15
 * minutes at most, cannot be renewed, and is revoked by its accessor when the agent is revoked or
 * demoted and when its run ends. A run that lasts longer gets another one. Vault is not believed: a
 * token that came with other policies than asked for is revoked and refused.
 *
 * <p>The source whose session makes the tokens stays the host's to close. Thread safe.
 */
public final class VaultTierCredentials implements TierCredentials {
  private static final Log log = Log.of(VaultTierCredentials.class);

  /** The longest time a token may live: 15 minutes. */
  public static final Duration MAX_TTL = Duration.ofMinutes(15);

  /** How many requests a token is good for if nothing is said: 100. */
  public static final int DEFAULT_USES = 100;

  private final VaultSecretSource source;
  private final TimeSource time;
  private final Redactor redactor;
  private final Duration ttl;
  private final int uses;

  private VaultTierCredentials(
      VaultSecretSource source, TimeSource time, Redactor redactor, Duration ttl, int uses) {
    this.source = requireNonNull(source, "source");
    this.time = requireNonNull(time, "time");
    this.redactor = requireNonNull(redactor, "redactor");
    this.ttl = ttl;
    this.uses = uses;
  }

  /**
   * Makes tokens with the session of this source, of 15 minutes and {@value #DEFAULT_USES} uses.
   */
  public static VaultTierCredentials of(VaultSecretSource source) {
    return new VaultTierCredentials(
        source, TimeSource.system(), Redactor.none(), MAX_TTL, DEFAULT_USES);
  }

  /**
   * Returns the same with tokens of this life.
   *
   * @throws BadInputException unless it is from 10 seconds to 15 minutes and 1 use or more
   */
  public VaultTierCredentials lasting(Duration life, int requests) {
    if (life.compareTo(Duration.ofSeconds(10)) < 0 || life.compareTo(MAX_TTL) > 0 || requests < 1) {
      throw new BadInputException(
          "VaultTierCredentials.lasting",
          life + " and " + requests + " requests",
          "PT10S to " + MAX_TTL + " and 1 request or more",
          "A run that lasts longer gets another token by itself.");
    }
    return new VaultTierCredentials(source, time, redactor, life, requests);
  }

  /** Returns the same with this time source, and with tokens taken out of texts by this. */
  public VaultTierCredentials with(TimeSource source, Redactor recognising) {
    return new VaultTierCredentials(this.source, source, recognising, ttl, uses);
  }

  /** Returns the name of a tier's policy and of its token role: {@code governance-t2}. */
  public static String policy(TrustTier tier) {
    return "governance-" + tier.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Credential issue(RunId run, AgentId agent, TrustTier tier) {
    AgentCredential credential = new AgentCredential(this, run, agent, tier);
    Arrays.fill(credential.token(), '\0'); // refused now rather than at the first read
    return credential;
  }

  VaultSecretSource source() {
    return source;
  }

  Redactor redactor() {
    return redactor;
  }

  TimeSource time() {
    return time;
  }

  /** What was made: a token, and the name by which it is revoked. */
  record Made(VaultToken token, String accessor) {}

  Made make(RunId run, AgentId agent, TrustTier tier) {
    String policy = policy(tier);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("policies", List.of(policy));
    body.put("ttl", ttl.toSeconds() + "s");
    body.put("explicit_max_ttl", ttl.toSeconds() + "s");
    body.put("num_uses", uses);
    body.put("renewable", false);
    body.put("no_default_policy", true);
    body.put("display_name", agent.value());
    body.put("meta", Map.of("run", run.value(), "agent", agent.value(), "tier", tier.name()));
    VaultAnswer answer = asSession("auth/token/create/" + policy, Payload.of(body));
    if (answer.status() != 200) {
      throw refused(policy, answer);
    }
    String accessor = answer.text("/auth/accessor").orElse("");
    String token = answer.text("/auth/client_token").orElse("");
    List<String> granted = new ArrayList<>(answer.texts("/auth/policies"));
    if (!granted.equals(List.of(policy)) || accessor.isEmpty() || token.isEmpty()) {
      if (!accessor.isEmpty()) {
        revoke(accessor);
      }
      throw VaultErrors.failure(
          Reason.LOGIN_REFUSED,
          VaultReference.SCHEME,
          "a token with the policies " + granted,
          "one with the policy " + policy + " and no other",
          "Correct the token role: allowed_policies=%s token_no_default_policy=true."
              .formatted(policy));
    }
    Duration life = answer.seconds("/auth/lease_duration");
    return new Made(
        new VaultToken(token.toCharArray(), life.isZero() ? ttl : life, false, false, time.ticks()),
        accessor);
  }

  private static SecretUnavailableException refused(String policy, VaultAnswer answer) {
    if (answer.status() == 400 || answer.status() == 403 || answer.status() == 404) {
      return VaultErrors.failure(
          Reason.LOGIN_REFUSED,
          VaultReference.SCHEME,
          "status " + answer.status() + " for a token of " + policy,
          "a token for the agent",
          "Make the token role %s and let the orchestrator's policy create tokens with it."
              .formatted(policy));
    }
    return VaultErrors.ofServer(VaultReference.SCHEME, answer);
  }

  /** A request with the orchestrator's own token; with another one if that is of no use. */
  private VaultAnswer asSession(String path, Payload body) {
    VaultAnswer answer = once(path, body);
    return answer.badToken() && source.session().repeatable() ? once(path, body) : answer;
  }

  private VaultAnswer once(String path, Payload body) {
    char[] token = source.session().token();
    try {
      VaultAnswer answer =
          source.http().send(VaultReference.SCHEME, HttpMethod.POST, path, token, body);
      if (answer.badToken()) {
        source.session().refused(token);
      }
      return answer;
    } finally {
      Arrays.fill(token, '\0');
    }
  }

  /** Revokes a token; what fails is logged, because the token expires soon. */
  void revoke(String accessor) {
    try {
      VaultAnswer answer =
          asSession("auth/token/revoke-accessor", Payload.of(Map.of("accessor", accessor)));
      if (!answer.ok() && answer.status() != 400 && answer.status() != 404) {
        log.warn(
            "vault: a token was not revoked, status {}; it expires within {}",
            answer.status(),
            ttl);
      }
    } catch (SecretUnavailableException e) {
      log.warn("vault: a token was not revoked; it expires within {}: {}", ttl, e.getMessage());
    }
  }
}
