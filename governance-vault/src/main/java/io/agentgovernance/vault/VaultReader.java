// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.HttpMethod;

/** Reads secrets from a KV engine of version 2. Thread safe. */
final class VaultReader {
  /** The fields of the library's own references, by the first segment of their path. */
  private static final Map<String, String> USUAL =
      Map.of("api-keys", "api_key", "services", "password");

  private final VaultHttp http;
  private final String mount;

  VaultReader(VaultHttp http, String mount) {
    this.http = http;
    this.mount = mount;
  }

  /** Where a reader gets tokens from. */
  interface Tokens {
    /** Returns a copy of the token, which the caller wipes. */
    char[] token();

    /** Vault refused the token. */
    void refused(char[] token);

    /** Whether another token can be got. */
    boolean repeatable();
  }

  /** Reads a secret; with another token if Vault says that this one is none. */
  Secret read(String text, Tokens tokens) {
    VaultReference reference = VaultReference.parse(text, mount);
    String path = mount + "/data/" + reference.path();
    VaultAnswer answer = ask(text, path, tokens);
    if (answer.badToken() && tokens.repeatable()) {
      answer = ask(text, path, tokens);
    }
    if (answer.badToken()) {
      throw VaultErrors.failure(
          Reason.LOGIN_REFUSED,
          text,
          "a token that is wrong, expired or revoked",
          "a token that is good",
          tokens.repeatable()
              ? "Vault refuses what it has just given: look at its clock and its log."
              : "Give a new token.");
    }
    if (answer.status() != 200) {
      throw VaultErrors.ofRead(text, path, answer);
    }
    return field(reference, path, answer);
  }

  private VaultAnswer ask(String text, String path, Tokens tokens) {
    char[] token = tokens.token();
    try {
      VaultAnswer answer = http.send(text, HttpMethod.GET, path, token, Payload.empty());
      if (answer.badToken()) {
        tokens.refused(token);
      }
      return answer;
    } finally {
      Arrays.fill(token, '\0');
    }
  }

  private static Secret field(VaultReference reference, String path, VaultAnswer answer) {
    Payload data = answer.body().at("/data/data").orElse(Payload.empty());
    if (!data.json().startsWith("{")) {
      throw VaultErrors.failure(
          Reason.UNUSABLE,
          reference.text(),
          "an answer without data.data at " + path,
          "a secret in a KV engine of version 2",
          "Run: vault kv enable-versioning <mount>; or name the mount of such an engine.");
    }
    Set<String> names = new TreeSet<>();
    for (Object each : data.read(Map.class).keySet()) {
      names.add(String.valueOf(each));
    }
    String name = name(reference, names);
    Payload value =
        data.at("/" + name.replace("~", "~0").replace("/", "~1")).orElse(Payload.empty());
    if (!value.isText() || value.text().isBlank()) {
      throw VaultErrors.failure(
          Reason.UNUSABLE,
          reference.text(),
          "a field '" + name + "' that holds no text",
          "a text",
          "Write the secret as a text.");
    }
    return Secret.of(value.text());
  }

  private static String name(VaultReference reference, Set<String> names) {
    String wanted = reference.field().orElseGet(() -> usual(reference.path(), names));
    if (names.contains(wanted)) {
      return wanted;
    }
    throw VaultErrors.failure(
        Reason.UNUSABLE,
        reference.text(),
        names.isEmpty() ? "no fields" : "the fields " + names,
        wanted.isEmpty() ? "one field" : "the field '" + wanted + "'",
        "Name the field: vault:<path>#<field>.");
  }

  /** The field of a secret of which none is named: the usual one of its place, or its only one. */
  private static String usual(String path, Set<String> names) {
    int slash = path.indexOf('/');
    String usual = slash < 0 ? null : USUAL.get(path.substring(0, slash));
    if (usual != null && (names.contains(usual) || names.size() != 1)) {
      return usual;
    }
    return names.size() == 1 ? names.iterator().next() : "";
  }
}
