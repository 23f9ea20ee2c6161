// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Builds a {@link VaultSecretSource}. Not thread safe. */
public final class VaultSecretSourceBuilder {
  /** How long connecting may take: 5 s. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** How long an answer may take: 15 s. */
  public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(15);

  private final URI address;
  private VaultLogin login = VaultLogin.token("env:VAULT_TOKEN");
  private SecretSource credentials = new OfTheProcess();
  private String mount = "secret";
  private Optional<String> namespace = Optional.empty();
  private @Nullable SSLContext tls;
  private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
  private Duration readTimeout = DEFAULT_READ_TIMEOUT;
  private TimeSource time = TimeSource.system();
  private Redactor redactor = Redactor.none();

  VaultSecretSourceBuilder(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String host = address.getHost();
    if (host == null
        || address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new BadInputException(
          "vault.address",
          "something else",
          "https://<host>:<port>",
          "Write the address of Vault without a path, a user or parameters.");
    }
    if (scheme.equals("http") && !isLoopback(host)) {
      throw new BadInputException(
          "vault.address",
          "http to another host, which shows tokens and secrets to the network",
          "https, or http to a loopback address",
          "Use https; a local agent or proxy may listen on 127.0.0.1.");
    }
    this.address = address;
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
  }

  /** Sets how to log in. If unset, with the token in {@code env:VAULT_TOKEN}. */
  public VaultSecretSourceBuilder login(VaultLogin login) {
    this.login = requireNonNull(login, "login");
    return this;
  }

  /** Sets where the credentials of the login are read from. If unset, variables and files. */
  public VaultSecretSourceBuilder credentials(SecretSource credentials) {
    this.credentials = requireNonNull(credentials, "credentials");
    return this;
  }

  /** Sets the mount of the KV engine. If unset, {@code secret}. */
  public VaultSecretSourceBuilder mount(String mount) {
    if (!VaultReference.isPath(mount)) {
      throw new BadInputException(
          "vault.mount", "no path", "a path such as 'secret'", "Leave slashes at its ends out.");
    }
    this.mount = mount;
    return this;
  }

  /** Sets the namespace, which is sent as a header. If unset, none. */
  public VaultSecretSourceBuilder namespace(String namespace) {
    if (!VaultReference.isPath(namespace)) {
      throw new BadInputException(
          "vault.namespace",
          "no path",
          "a path such as 'team-a'",
          "Leave slashes at its ends out.");
    }
    this.namespace = Optional.of(namespace);
    return this;
  }

  /**
   * Trusts the certificates in this file, in PEM, and no others. If unset, those of the JDK.
   *
   * @throws BadInputException if the file holds none
   */
  public VaultSecretSourceBuilder trust(Path certificates) {
    return tls(Tls.trusting(certificates));
  }

  /** Sets the context of TLS, for certificates of clients and the like. If unset, the JDK's. */
  public VaultSecretSourceBuilder tls(SSLContext context) {
    this.tls = requireNonNull(context, "context");
    return this;
  }

  /** Sets how long connecting may take. If unset, 5 s. */
  public VaultSecretSourceBuilder connectTimeout(Duration timeout) {
    this.connectTimeout = positive("vault.connect-timeout", timeout);
    return this;
  }

  /** Sets how long an answer may take. If unset, 15 s. */
  public VaultSecretSourceBuilder readTimeout(Duration timeout) {
    this.readTimeout = positive("vault.read-timeout", timeout);
    return this;
  }

  private static Duration positive(String where, Duration timeout) {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new BadInputException(
          where, timeout.toString(), "a positive duration", "Give it a second or more.");
    }
    return timeout;
  }

  /** Sets the time source. If unset, the system's. */
  public VaultSecretSourceBuilder time(TimeSource time) {
    this.time = requireNonNull(time, "time");
    return this;
  }

  /**
   * Has tokens and credentials of the login taken out of texts by this. If unset, by nothing: an
   * orchestrator recognises the secrets that it reads, and tokens of Vault by their shape.
   */
  public VaultSecretSourceBuilder redactor(Redactor redactor) {
    this.redactor = requireNonNull(redactor, "redactor");
    return this;
  }

  /** Builds the source. Does not go to the network. */
  public VaultSecretSource build() {
    VaultHttp http =
        new VaultHttp(
            new VaultHttp.VaultConnection(address, namespace, tls, connectTimeout, readTimeout),
            time);
    LoginMethod method = new LoginMethod(login, http, credentials, time);
    return new VaultSecretSource(http, new VaultSession(http, method, time, redactor), mount);
  }

  /** Variables and files of this process. */
  private static final class OfTheProcess implements SecretSource {
    private final SecretSource variables = SecretSource.environment(System.getenv());
    private final SecretSource files = SecretSource.files(Path.of(""));

    @Override
    public Secret read(String reference) {
      if (variables.reads(reference)) {
        return variables.read(reference);
      } else if (files.reads(reference)) {
        return files.read(reference);
      }
      throw new SecretUnavailableException(
          Reason.UNUSABLE,
          reference,
          "another scheme",
          "'env:<NAME>' or 'file:<path>'",
          "Give the source's builder credentials(…) that read it.");
    }
  }
}
