// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.spi.SecretSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the vendor documents, case by case, over a socket. */
class VaultContractTest {
  private static final String CANARY = "c4nary";

  private final FakeVault vault = new FakeVault();

  @TempDir private Path folder;

  /** An answer of a case. */
  record Answer(
      int status,
      @Nullable Payload body,
      @Nullable String text,
      @Nullable String retryAfter,
      @Nullable String location) {
    MockResponse response() {
      MockResponse.Builder response =
          new MockResponse.Builder()
              .code(status)
              .addHeader("Content-Type", body == null ? "text/html" : "application/json")
              .body(body == null ? String.valueOf(text) : body.json());
      if (retryAfter != null) {
        response.addHeader("Retry-After", retryAfter);
      }
      if (location != null) {
        response.addHeader("Location", location);
      }
      return status == 204 ? new MockResponse.Builder().code(204).build() : response.build();
    }
  }

  /** A case: what the server answers, what is read, and what comes of it. */
  record Case(
      String name,
      @Nullable String login,
      String read,
      Map<String, List<Answer>> answers,
      @Nullable String value,
      @Nullable String reason,
      @Nullable String says,
      @Nullable Integer requests) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream in = VaultContractTest.class.getResourceAsStream("/vault/cases.json")) {
      List<Case> cases = new ArrayList<>();
      for (Object each : Payload.json(new String(in.readAllBytes(), UTF_8)).read(List.class)) {
        cases.add(read((Map<?, ?>) each));
      }
      return cases.stream();
    }
  }

  private static Case read(Map<?, ?> fields) {
    Map<String, List<Answer>> answers = new HashMap<>();
    ((Map<?, ?>) fields.get("answers"))
        .forEach(
            (line, list) ->
                answers.put(
                    (String) line,
                    ((List<?>) list).stream().map(a -> Payload.of(a).read(Answer.class)).toList()));
    Number requests = (Number) fields.get("requests");
    return new Case(
        (String) fields.get("name"),
        (String) fields.get("login"),
        (String) fields.get("read"),
        answers,
        (String) fields.get("value"),
        (String) fields.get("reason"),
        (String) fields.get("says"),
        requests == null ? null : requests.intValue());
  }

  @AfterEach
  void close() {
    vault.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsOrSaysWhatToDo(Case each) throws IOException {
    each.answers()
        .forEach(
            (line, list) ->
                vault.on(line, list.stream().map(Answer::response).toArray(MockResponse[]::new)));
    int asked;
    try (VaultSecretSource source = source(each)) {
      if (each.value() != null) {
        assertThat(text(source, each.read())).isEqualTo(each.value());
      } else {
        refuses(source, each);
      }
      asked = asked(each);
    }
    if (each.requests() != null) {
      assertThat(asked).as("requests: %s", vault.lines()).isEqualTo(each.requests());
    }
  }

  /** How many requests there were but for the question of a given token about itself. */
  private int asked(Case each) {
    return (int)
        vault.lines().stream()
            .filter(line -> "lookup".equals(each.login()) || !line.contains("lookup-self"))
            .count();
  }

  private static void refuses(VaultSecretSource source, Case each) {
    SecretUnavailableException thrown =
        catchThrowableOfType(SecretUnavailableException.class, () -> source.read(each.read()));
    assertThat(thrown).as("an exception").isNotNull();
    assertThat(thrown.reason().name()).isEqualTo(each.reason());
    assertThat(thrown).hasMessageContaining(each.says()).hasMessageContaining("expected");
    assertThat(thrown.retryable()).isEqualTo("UNAVAILABLE".equals(each.reason()));
    StringWriter printed = new StringWriter();
    thrown.printStackTrace(new PrintWriter(printed));
    assertThat(printed.toString()).doesNotContain(CANARY);
  }

  private VaultSecretSource source(Case each) throws IOException {
    if ("kubernetes".equals(each.login())) {
      Path jwt = Files.writeString(folder.resolve("jwt"), "c4nary.jwt.token\n");
      return vault
          .source()
          .login(new VaultLogin.Kubernetes("governance", jwt, "kubernetes"))
          .build();
    }
    return "approle".equals(each.login()) ? vault.appRole().build() : vault.source().build();
  }

  @Test
  void sendsWhatIsDocumentedAndNothingElse() throws IOException {
    Path jwt = Files.writeString(folder.resolve("jwt"), "a.jwt\n");
    try (VaultSecretSource source =
        vault
            .source()
            .login(new VaultLogin.Kubernetes("governance", jwt, "kubernetes"))
            .namespace("team-a")
            .build()) {
      assertThat(text(source, "vault:services/x")).isEqualTo("pa55word-of-x");
    }
    try (VaultSecretSource source = vault.appRole().build()) {
      assertThat(text(source, "vault:services/x")).isEqualTo("pa55word-of-x");
    }

    assertThat(vault.lines())
        .containsExactly(
            "POST /v1/auth/kubernetes/login",
            "GET /v1/secret/data/services/x",
            "POST /v1/auth/token/revoke-self",
            "POST /v1/auth/approle/login",
            "GET /v1/secret/data/services/x",
            "POST /v1/auth/token/revoke-self");
    FakeVault.Seen login = vault.seen().get(0);
    assertThat(login.body()).isEqualTo(Payload.of(Map.of("role", "governance", "jwt", "a.jwt")));
    assertThat(login.headers()).containsEntry("X-Vault-Namespace", "team-a");
    assertThat(vault.seen().get(1).token()).isEqualTo("hvs.kubernetes-token");
    assertThat(vault.seen().get(1).headers())
        .containsEntry("X-Vault-Namespace", "team-a")
        .containsEntry("X-Vault-Request", "true");
    assertThat(vault.seen().get(3).body())
        .isEqualTo(
            Payload.of(Map.of("role_id", "c4nary-role-id", "secret_id", "c4nary-secret-id")));
  }

  @Test
  void credentialsAreReadAgainAtEachLogin() {
    Map<String, String> secrets = new HashMap<>(Map.of("env:R", "role", "env:S", "first"));
    SecretSource changing = reference -> Secret.of(secrets.get(reference));
    vault.on(
        "GET /v1/secret/data/services/x",
        FakeVault.json(403, Payload.json("{\"errors\":[\"permission denied\",\"invalid token\"]}")),
        FakeVault.json(
            200, Payload.json("{\"data\":{\"data\":{\"password\":\"v\"},\"metadata\":{}}}")));
    vault.on(
        "POST /v1/auth/approle/login",
        body -> {
          secrets.put("env:S", "second");
          return FakeVault.json(200, FakeVault.login("hvs.t", 1200));
        });
    try (VaultSecretSource source =
        vault.source().login(VaultLogin.appRole("env:R", "env:S")).credentials(changing).build()) {
      assertThat(text(source, "vault:services/x")).isEqualTo("v");
    }

    assertThat(vault.seen().stream().filter(seen -> seen.line().endsWith("login")))
        .extracting(seen -> seen.body().at("/secret_id").orElseThrow().text())
        .containsExactly("first", "second");
  }

  @ParameterizedTest
  @MethodSource("healths")
  void tellsHowVaultIs(int status, VaultHealth.State state) {
    vault.on(
        "GET /v1/sys/health",
        FakeVault.json(status, Payload.of(Map.of("initialized", true, "sealed", false))));
    try (VaultSecretSource source = vault.source().readTimeout(Duration.ofSeconds(5)).build()) {
      assertThat(source.health()).isEqualTo(new VaultHealth(state, status));
      assertThat(source.health().usable())
          .isEqualTo(state == VaultHealth.State.ACTIVE || state == VaultHealth.State.STANDBY);
    }
    assertThat(vault.seen().get(0).token()).as("no token is needed").isNull();
  }

  static Stream<Object[]> healths() {
    return Stream.of(
        new Object[] {200, VaultHealth.State.ACTIVE},
        new Object[] {429, VaultHealth.State.STANDBY},
        new Object[] {472, VaultHealth.State.RECOVERY_SECONDARY},
        new Object[] {473, VaultHealth.State.STANDBY},
        new Object[] {501, VaultHealth.State.UNINITIALISED},
        new Object[] {503, VaultHealth.State.SEALED},
        new Object[] {418, VaultHealth.State.UNKNOWN});
  }

  static String text(SecretSource source, String reference) {
    try (Secret secret = source.read(reference)) {
      return secret.use(String::new);
    }
  }
}
