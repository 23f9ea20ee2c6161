// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.vault.authentication.AppRoleAuthentication;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.RoleId;
import org.springframework.vault.authentication.AppRoleAuthenticationOptions.SecretId;
import org.springframework.vault.authentication.ClientAuthentication;
import org.springframework.vault.authentication.KubernetesAuthentication;
import org.springframework.vault.authentication.KubernetesAuthenticationOptions;
import org.springframework.vault.authentication.LoginToken;
import org.springframework.web.client.HttpStatusCodeException;
import org.springframework.web.client.ResourceAccessException;

/** Gets a token of Vault. Thread safe. */
final class LoginMethod {
  private static final int MAX_JWT = 64 * 1024;

  private final VaultLogin login;
  private final VaultHttp http;
  private final SecretSource credentials;
  private final TimeSource time;

  LoginMethod(VaultLogin login, VaultHttp http, SecretSource credentials, TimeSource time) {
    this.login = login;
    this.http = http;
    this.credentials = credentials;
    this.time = time;
  }

  String name() {
    return login.method();
  }

  /** Whether logging in again gives another token. */
  boolean repeatable() {
    return !(login instanceof VaultLogin.Token);
  }

  VaultToken login() {
    if (login instanceof VaultLogin.Token token) {
      return lookedUp(token);
    } else if (login instanceof VaultLogin.AppRole role) {
      return appRole(role);
    } else if (login instanceof VaultLogin.Kubernetes account) {
      String jwt = jwt(account.jwt());
      return token(
          new KubernetesAuthentication(
              KubernetesAuthenticationOptions.builder()
                  .path(account.mount())
                  .role(account.role())
                  .jwtSupplier(() -> jwt)
                  .build(),
              http.forLogin()));
    }
    throw new AssertionError(login);
  }

  private VaultToken appRole(VaultLogin.AppRole role) {
    try (Secret roleId = credentials.read(role.roleId());
        Secret secretId = credentials.read(role.secretId())) {
      return token(
          new AppRoleAuthentication(
              AppRoleAuthenticationOptions.builder()
                  .path(role.mount())
                  .roleId(RoleId.provided(roleId.<String>use(String::new)))
                  .secretId(SecretId.provided(secretId.<String>use(String::new)))
                  .build(),
              http.forLogin()));
    }
  }

  private VaultToken token(ClientAuthentication method) {
    try {
      org.springframework.vault.support.VaultToken token = method.login();
      char[] value = token.toCharArray().clone();
      return token instanceof LoginToken known
          ? new VaultToken(
              value,
              known.getLeaseDuration(),
              known.isRenewable() && !known.isBatchToken(),
              known.isBatchToken(),
              time.ticks())
          : new VaultToken(value, Duration.ZERO, false, false, time.ticks());
    } catch (RuntimeException e) {
      throw refused(e); // an answer without a token is an assertion in 4.0, and a null in 3.2
    }
  }

  /** What Spring says may quote what was sent: it is neither repeated nor a cause. */
  private SecretUnavailableException refused(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpStatusCodeException status) {
        return VaultErrors.ofLogin(
            name(),
            VaultAnswer.of(
                status.getStatusCode().value(),
                status.getResponseBodyAsByteArray(),
                Duration.ZERO));
      } else if (cause instanceof ResourceAccessException
          || cause instanceof CancellationException) {
        return VaultErrors.unreachable(
            VaultReference.SCHEME, http.address(), VaultHttp.lost(cause).what());
      }
    }
    return VaultErrors.failure(
        Reason.UNAVAILABLE,
        VaultReference.SCHEME,
        "no token in the answer to the login by " + name(),
        "a token",
        "Check that the address is that of a Vault.");
  }

  /** A token that was given is asked about itself; one that may not ask is used as it is. */
  private VaultToken lookedUp(VaultLogin.Token given) {
    char[] value;
    try (Secret secret = credentials.read(given.reference())) {
      value = secret.use(char[]::clone);
    }
    boolean kept = false;
    try {
      VaultAnswer answer =
          http.send(
              VaultReference.SCHEME,
              HttpMethod.GET,
              "auth/token/lookup-self",
              value,
              Payload.empty());
      if (answer.status() != 200 && (answer.status() != 403 || answer.badToken())) {
        throw VaultErrors.ofLogin(name(), answer);
      }
      boolean known = answer.status() == 200;
      VaultToken token =
          new VaultToken(
              value,
              known ? answer.seconds("/data/ttl") : Duration.ZERO,
              known && answer.isTrue("/data/renewable"),
              answer.text("/data/type").filter("batch"::equals).isPresent(),
              time.ticks());
      kept = true;
      return token;
    } finally {
      if (!kept) {
        Arrays.fill(value, '\0');
      }
    }
  }

  private static String jwt(Path file) {
    try {
      if (Files.size(file) <= MAX_JWT) {
        return Files.readString(file).strip();
      }
      throw noJwt(file, "a file of more than " + MAX_JWT + " bytes", null);
    } catch (IOException e) {
      throw noJwt(file, e.getClass().getSimpleName(), e);
    }
  }

  private static SecretUnavailableException noJwt(
      Path file, String found, @Nullable Throwable cause) {
    return VaultErrors.failure(
        Reason.LOGIN_REFUSED,
        VaultReference.SCHEME,
        found + " for " + file,
        "the token of the pod's service account",
        "Mount it (automountServiceAccountToken), or name its file.",
        cause);
  }
}
