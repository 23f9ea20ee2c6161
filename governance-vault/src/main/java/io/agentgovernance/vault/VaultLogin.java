// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.nio.file.Path;

/**
 * How to log in to Vault. Credentials are references, such as {@code env:VAULT_TOKEN} or {@code
 * file:/run/secrets/secret-id}, which are read at each login. Immutable.
 */
public sealed interface VaultLogin {
  /** Where Kubernetes puts the token of a pod's service account. */
  Path SERVICE_ACCOUNT_TOKEN = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  /** Returns the name of the method, for messages. */
  String method();

  /** Uses a token as it is; it is renewed while it can be, and never revoked. */
  static VaultLogin token(String reference) {
    return new Token(reference);
  }

  /** Logs in with a role id and a secret id, at the mount {@code approle}. */
  static VaultLogin appRole(String roleId, String secretId) {
    return new AppRole(roleId, secretId, "approle");
  }

  /** Logs in as the pod's service account, at the mount {@code kubernetes}. */
  static VaultLogin kubernetes(String role) {
    return new Kubernetes(role, SERVICE_ACCOUNT_TOKEN, "kubernetes");
  }

  /**
   * A token.
   *
   * @param reference where it is
   */
  record Token(String reference) implements VaultLogin {
    public Token {
      requireReference("token", reference);
    }

    @Override
    public String method() {
      return "token";
    }
  }

  /**
   * An AppRole.
   *
   * @param roleId where the role id is
   * @param secretId where the secret id is
   * @param mount where the auth method is
   */
  record AppRole(String roleId, String secretId, String mount) implements VaultLogin {
    public AppRole {
      requireReference("role id", roleId);
      requireReference("secret id", secretId);
      requireMount(mount);
    }

    @Override
    public String method() {
      return "AppRole";
    }
  }

  /**
   * A service account.
   *
   * @param role the role of the auth method
   * @param jwt the file with the account's token, read at each login
   * @param mount where the auth method is
   */
  record Kubernetes(String role, Path jwt, String mount) implements VaultLogin {
    public Kubernetes {
      if (role.isBlank()) {
        throw new BadInputException(
            "VaultLogin.kubernetes", "a blank role", "a role", "Name the role of the auth method.");
      }
      requireNonNull(jwt, "jwt");
      requireMount(mount);
    }

    @Override
    public String method() {
      return "Kubernetes";
    }
  }

  private static void requireReference(String what, String reference) {
    if (!reference.startsWith("env:") && !reference.startsWith("file:")) {
      throw new BadInputException(
          "VaultLogin",
          "no reference for the " + what,
          "'env:<NAME>' or 'file:<path>'",
          "Put it into a variable or a file and name that.");
    }
  }

  private static void requireMount(String mount) {
    if (!VaultReference.isPath(mount)) {
      throw new BadInputException(
          "VaultLogin", "a mount that is no path", "a path such as 'approle'", "Correct it.");
    }
  }
}
