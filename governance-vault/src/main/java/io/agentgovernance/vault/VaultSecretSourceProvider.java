// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.BadInputException;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.spi.SecretSourceProvider;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Opens {@code vault:} from provider settings: {@code vault.address} is required, the others are
 * {@code vault.auth} (token, approle, kubernetes), {@code vault.token}, {@code vault.role-id},
 * {@code vault.secret-id} (references), {@code vault.role}, {@code vault.auth-mount}, {@code
 * vault.jwt}, {@code vault.mount}, {@code vault.namespace}, {@code vault.ca-certificate}, {@code
 * vault.connect-timeout} and {@code vault.read-timeout} (such as {@code PT5S}).
 */
public final class VaultSecretSourceProvider implements SecretSourceProvider {
  @Override
  public String scheme() {
    return "vault";
  }

  @Override
  public SecretSource open(ProviderContext context) {
    return source(context);
  }

  /**
   * Opens a source as {@link #open} does, for whoever needs more of it, such as its health.
   *
   * @throws BadInputException if a setting is missing or wrong
   */
  public static VaultSecretSource source(ProviderContext context) {
    Map<String, String> settings = context.settings();
    VaultSecretSourceBuilder builder =
        VaultSecretSource.at(address(settings))
            .login(login(settings))
            .time(context.time())
            .redactor(context.redactor());
    context.secrets().ifPresent(builder::credentials);
    set(settings, "vault.mount", builder::mount);
    set(settings, "vault.namespace", builder::namespace);
    set(settings, "vault.ca-certificate", file -> builder.trust(Path.of(file)));
    set(
        settings,
        "vault.connect-timeout",
        text -> builder.connectTimeout(duration("vault.connect-timeout", text)));
    set(
        settings,
        "vault.read-timeout",
        text -> builder.readTimeout(duration("vault.read-timeout", text)));
    return builder.build();
  }

  private static void set(Map<String, String> settings, String name, Consumer<String> setter) {
    String value = settings.get(name);
    if (value != null) {
      setter.accept(value);
    }
  }

  private static URI address(Map<String, String> settings) {
    String address = settings.get("vault.address");
    if (address == null) {
      throw new BadInputException(
          "vault.address",
          "nothing",
          "https://<host>:<port>",
          "Set it with OrchestratorBuilder.providerSetting(\"vault.address\", …), or pass"
              + " OrchestratorBuilder.secrets a VaultSecretSource.");
    }
    try {
      return new URI(address);
    } catch (URISyntaxException e) {
      throw new BadInputException(
          "vault.address", "a text that is no URL", "https://<host>:<port>", "Correct it.");
    }
  }

  private static VaultLogin login(Map<String, String> settings) {
    String auth = settings.getOrDefault("vault.auth", "token");
    return switch (auth) {
      case "token" -> VaultLogin.token(settings.getOrDefault("vault.token", "env:VAULT_TOKEN"));
      case "approle" ->
          new VaultLogin.AppRole(
              settings.getOrDefault("vault.role-id", "env:VAULT_ROLE_ID"),
              settings.getOrDefault("vault.secret-id", "env:VAULT_SECRET_ID"),
              settings.getOrDefault("vault.auth-mount", "approle"));
      case "kubernetes" ->
          new VaultLogin.Kubernetes(
              settings.getOrDefault("vault.role", ""),
              Path.of(
                  settings.getOrDefault("vault.jwt", VaultLogin.SERVICE_ACCOUNT_TOKEN.toString())),
              settings.getOrDefault("vault.auth-mount", "kubernetes"));
      default ->
          throw new BadInputException(
              "vault.auth",
              "another method",
              "token, approle or kubernetes",
              "For another, pass OrchestratorBuilder.secrets a source of your own.");
    };
  }

  private static Duration duration(String name, String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new BadInputException(
          name, "no duration", "a duration such as PT5S", "Write it in ISO 8601.");
    }
  }
}
