// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import org.jspecify.annotations.Nullable;

/** What to say of answers that are no secrets. Texts of Vault are not repeated. */
final class VaultErrors {
  private VaultErrors() {}

  /** What a read was answered with, if that is not 200. */
  static SecretUnavailableException ofRead(String reference, String path, VaultAnswer answer) {
    return switch (answer.status()) {
      case 403 ->
          failure(
              Reason.DENIED,
              reference,
              "status 403, permission denied",
              "a token whose policies allow to read it",
              "Add to a policy of the token: path \"%s\" { capabilities = [\"read\"] }, with the segment 'data'."
                  .formatted(path));
      case 404, 204 -> absent(reference, path, answer);
      default -> ofServer(reference, answer);
    };
  }

  private static SecretUnavailableException absent(
      String reference, String path, VaultAnswer answer) {
    if (answer.isTrue("/data/metadata/destroyed")) {
      return failure(
          Reason.ABSENT,
          reference,
          "a version that was destroyed",
          "a secret",
          "Write the secret again: its last version is gone for ever.");
    }
    if (answer.text("/data/metadata/deletion_time").filter(time -> !time.isEmpty()).isPresent()) {
      return failure(
          Reason.ABSENT,
          reference,
          "a version that was deleted",
          "a secret",
          "Run: vault kv undelete -versions=<n> <path>; or write the secret again.");
    }
    return failure(
        Reason.ABSENT,
        reference,
        "nothing at " + path,
        "a secret in a KV engine of version 2",
        "Write it with 'vault kv put', or correct the path, the mount or the namespace.");
  }

  /** What a login was answered with. */
  static SecretUnavailableException ofLogin(String how, VaultAnswer answer) {
    if (answer.status() == 400 || answer.status() == 401 || answer.status() == 403) {
      return failure(
          Reason.LOGIN_REFUSED,
          VaultReference.SCHEME,
          "status " + answer.status() + " for the login by " + how,
          "credentials that Vault accepts",
          advice(how));
    }
    if (answer.status() == 404) {
      return failure(
          Reason.LOGIN_REFUSED,
          VaultReference.SCHEME,
          "status 404 for the login by " + how,
          "an auth method at that path",
          "Enable it in Vault, or name its mount or the namespace.");
    }
    return ofServer(VaultReference.SCHEME, answer);
  }

  private static String advice(String how) {
    return switch (how) {
      case "AppRole" ->
          "Check role id and secret id: secret ids expire and may be used up. Make one with 'vault"
              + " write -f auth/approle/role/<role>/secret-id'.";
      case "Kubernetes" ->
          "Check the role, and that it is bound to this pod's service account and namespace.";
      default -> "The token is wrong, expired or revoked: give a new one.";
    };
  }

  /** What is wrong with the server, whatever was asked. */
  static SecretUnavailableException ofServer(String reference, VaultAnswer answer) {
    int status = answer.status();
    if (answer.sealed()) {
      return failure(
          Reason.UNAVAILABLE, reference, "a sealed Vault", "an unsealed one", "Unseal it.");
    }
    if (status == 501) {
      return failure(
          Reason.UNUSABLE,
          reference,
          "a Vault that is not initialised",
          "one that is",
          "Initialise it, or correct the address.");
    }
    if (status == 429 || status == 412) {
      return failure(
          Reason.UNAVAILABLE,
          reference,
          status == 429 ? "too many requests" : "a Vault that has not caught up yet",
          "an answer",
          "Try again later; raise the quota if this goes on.");
    }
    if (status >= 500) {
      return failure(
          Reason.UNAVAILABLE,
          reference,
          "status " + status,
          "an answer",
          "Look at Vault's log and at what is between.");
    }
    if (status >= 300 && status < 400) {
      return failure(
          Reason.UNUSABLE,
          reference,
          "status " + status + ", a redirection, which would take the token elsewhere",
          "an answer",
          "Use the address of the active node or of the load balancer.");
    }
    return failure(
        Reason.UNUSABLE,
        reference,
        "status " + status,
        "a secret",
        "Check address, namespace and mount.");
  }

  /** There was no answer. */
  static SecretUnavailableException unreachable(String reference, String address, String what) {
    return failure(
        Reason.UNAVAILABLE,
        reference,
        what + " from " + address,
        "an answer of Vault",
        "Check the address, the network and, for TLS, the CA certificate.");
  }

  static SecretUnavailableException failure(
      Reason reason, String reference, String found, String expected, String advice) {
    return failure(reason, reference, found, expected, advice, null);
  }

  static SecretUnavailableException failure(
      Reason reason,
      String reference,
      String found,
      String expected,
      String advice,
      @Nullable Throwable cause) {
    return new SecretUnavailableException(reason, reference, found, expected, advice, cause);
  }
}
