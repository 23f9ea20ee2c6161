// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.spi.SecretSource;
import java.net.URI;
import org.springframework.http.HttpMethod;

/**
 * Reads {@code vault:<path>[#field]} from a KV engine of version 2, of HashiCorp Vault or OpenBao.
 *
 * <pre>{@code
 * VaultSecretSource vault = VaultSecretSource.at(URI.create("https://vault.bank:8200"))
 *     .login(VaultLogin.appRole("file:/run/secrets/role-id", "file:/run/secrets/secret-id"))
 *     .build();
 * Orchestrator.builder().secrets(vault)
 * }</pre>
 *
 * <p>{@code vault:api-keys/openrouter} is the field {@code api_key} of {@code
 * secret/data/api-keys/openrouter}, {@code vault:services/dragonfly} the field {@code password} of
 * {@code secret/data/services/dragonfly}; of another path it is the only field there is.
 *
 * <p>It logs in when the first secret is read, renews its token, and logs in again when Vault says
 * that the token is of no use. While Vault does not answer, is sealed or refuses, no secret is
 * read: {@link SecretUnavailableException}. Nothing is kept here: an orchestrator keeps what it
 * read for a while.
 *
 * <p>Thread safe; {@link #read} blocks, each of its at most three attempts for the two timeouts.
 */
public final class VaultSecretSource implements SecretSource {
  private final VaultHttp http;
  private final VaultSession session;
  private final VaultReader reader;
  private final String mount;

  VaultSecretSource(VaultHttp http, VaultSession session, String mount) {
    this.http = http;
    this.session = session;
    this.reader = new VaultReader(http, mount);
    this.mount = mount;
  }

  /** Begins a source for the Vault at this address, such as {@code https://vault.bank:8200}. */
  public static VaultSecretSourceBuilder at(URI address) {
    return new VaultSecretSourceBuilder(address);
  }

  @Override
  public boolean reads(String reference) {
    return VaultReference.is(reference);
  }

  @Override
  public Secret read(String reference) {
    return reader.read(reference, new OfSession(session));
  }

  /** Asks Vault how it is; needs no token. Blocks for the timeouts; never throws. */
  public VaultHealth health() {
    try {
      return VaultHealth.of(
          http.once(VaultReference.SCHEME, HttpMethod.GET, "sys/health", null, Payload.empty()));
    } catch (VaultHttp.LostException | SecretUnavailableException e) {
      return new VaultHealth(VaultHealth.State.UNKNOWN, 0);
    }
  }

  VaultHttp http() {
    return http;
  }

  VaultSession session() {
    return session;
  }

  String mount() {
    return mount;
  }

  /**
   * Revokes the token, if it was got by logging in, and ends its threads. Idempotent; blocks for
   * the timeouts at most.
   */
  @Override
  public void close() {
    session.close();
    http.close();
  }

  /** Shows the address only. */
  @Override
  public String toString() {
    return "VaultSecretSource[" + http.address() + "]";
  }

  /** The tokens of the source's own session. */
  record OfSession(VaultSession session) implements VaultReader.Tokens {
    @Override
    public char[] token() {
      return session.token();
    }

    @Override
    public void refused(char[] token) {
      session.refused(token);
    }

    @Override
    public boolean repeatable() {
      return session.repeatable();
    }
  }
}
