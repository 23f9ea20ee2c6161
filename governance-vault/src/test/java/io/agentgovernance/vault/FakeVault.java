// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.SecretSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.SSLSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/** A server that answers as Vault documents, on a real socket. Thread safe. */
final class FakeVault implements AutoCloseable {
  private final MockWebServer server = new MockWebServer();
  private final Map<String, Function<Payload, MockResponse>> answers = new ConcurrentHashMap<>();
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final String scheme;

  /** A request that arrived. */
  record Seen(String line, @Nullable String token, Map<String, String> headers, Payload body) {}

  FakeVault() {
    this(null);
  }

  FakeVault(@Nullable SSLSocketFactory tls) {
    scheme = tls == null ? "http" : "https";
    if (tls != null) {
      server.useHttps(tls);
    }
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    on("POST /v1/auth/approle/login", json(200, login("hvs.approle-token", 1200)));
    on("POST /v1/auth/kubernetes/login", json(200, login("hvs.kubernetes-token", 1200)));
    on(
        "GET /v1/auth/token/lookup-self",
        json(403, Payload.json("{\"errors\":[\"permission denied\"]}")));
    on("POST /v1/auth/token/revoke-self", new MockResponse.Builder().code(204).build());
    secret("services/x", "password", "pa55word-of-x");
  }

  static Payload login(String token, int seconds) {
    return Payload.of(
        Map.of(
            "auth",
            Map.of(
                "client_token",
                token,
                "accessor",
                "accessor-of-" + token,
                "policies",
                List.of("default"),
                "token_policies",
                List.of("default"),
                "lease_duration",
                seconds,
                "renewable",
                true,
                "token_type",
                "service",
                "metadata",
                Map.of())));
  }

  /** The answer to who makes a token: the n-th of an agent. */
  static MockResponse token(int number, List<String> policies) {
    return json(
        200,
        Payload.of(
            Map.of(
                "auth",
                Map.of(
                    "client_token",
                    "hvs.agent-" + number,
                    "accessor",
                    "accessor-" + number,
                    "policies",
                    policies,
                    "lease_duration",
                    900,
                    "renewable",
                    false))));
  }

  static MockResponse json(int status, Payload body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(body.json())
        .build();
  }

  FakeVault secret(String path, String field, String value) {
    return on(
        "GET /v1/secret/data/" + path,
        json(
            200,
            Payload.of(
                Map.of("data", Map.of("data", Map.of(field, value), "metadata", Map.of())))));
  }

  FakeVault on(String line, MockResponse... inOrder) {
    Deque<MockResponse> left = new ArrayDeque<>(List.of(inOrder));
    return on(
        line,
        body -> {
          synchronized (left) {
            return left.size() > 1 ? left.removeFirst() : left.getFirst();
          }
        });
  }

  FakeVault on(String line, Function<Payload, MockResponse> answer) {
    answers.put(line, answer);
    return this;
  }

  private MockResponse answer(RecordedRequest request) {
    String target = request.getUrl().encodedPath();
    String query = request.getUrl().encodedQuery();
    String line = request.getMethod() + " " + target + (query == null ? "" : "?" + query);
    String text = request.getBody() == null ? "" : request.getBody().utf8();
    Payload body = text.isEmpty() ? Payload.empty() : Payload.json(text);
    Map<String, String> headers = new ConcurrentHashMap<>();
    request.getHeaders().forEach(pair -> headers.put(pair.getFirst(), pair.getSecond()));
    seen.add(new Seen(line, request.getHeaders().get("X-Vault-Token"), headers, body));
    Function<Payload, MockResponse> known = answers.get(line);
    return known == null ? json(404, Payload.json("{\"errors\":[]}")) : known.apply(body);
  }

  URI address() {
    return URI.create(scheme + "://" + server.getHostName() + ":" + server.getPort());
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  List<String> lines() {
    return seen.stream().map(Seen::line).toList();
  }

  /** Waits until such a request has arrived and was answered. */
  void awaitLine(String line) {
    long limit = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!lines().contains(line)) {
      if (System.nanoTime() > limit) {
        throw new AssertionError("no " + line + " in " + lines());
      }
      Thread.onSpinWait();
    }
  }

  static final Map<String, String> CREDENTIALS =
      Map.of(
          "VAULT_TOKEN", "hvs.c4nary-given-token",
          "ROLE_ID", "c4nary-role-id",
          "SECRET_ID", "c4nary-secret-id");

  VaultSecretSourceBuilder source() {
    return VaultSecretSource.at(address())
        .credentials(SecretSource.environment(CREDENTIALS))
        .connectTimeout(Duration.ofSeconds(5))
        .readTimeout(Duration.ofSeconds(5));
  }

  VaultSecretSourceBuilder appRole() {
    return source().login(VaultLogin.appRole("env:ROLE_ID", "env:SECRET_ID"));
  }

  @Override
  public void close() {
    server.close();
  }
}
