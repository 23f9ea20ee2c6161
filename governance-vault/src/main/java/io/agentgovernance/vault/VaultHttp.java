// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.time.TimeSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.vault.client.SimpleVaultEndpointProvider;
import org.springframework.vault.client.VaultClients;
import org.springframework.vault.client.VaultEndpoint;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.ResponseErrorHandler;
import org.springframework.web.client.RestTemplate;

/**
 * Requests to one Vault, tried again where that helps. Thread safe; blocks for the timeouts.
 *
 * <p>The JDK's HTTP client is always used, never what happens to be on the class path: spring-vault
 * 3.2 would otherwise fall back to a client that ignores TLS settings.
 */
final class VaultHttp implements AutoCloseable {
  static final int MAX_ATTEMPTS = 3;
  static final int MAX_BODY = 1 << 20;

  private static final int THREADS = 4;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final URI address;
  private final TimeSource time;
  private final ThreadPoolExecutor clientThreads = threads("governance-vault-http");
  private final ThreadPoolExecutor writerThreads = threads("governance-vault-write");
  private final RestTemplate plain;
  private final RestTemplate forLogin;

  VaultHttp(VaultConnection connection, TimeSource time) {
    this.address = connection.address();
    this.time = time;
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .connectTimeout(connection.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .executor(clientThreads);
    if (connection.tls() != null) {
      client.sslContext(connection.tls());
    }
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    client.sslParameters(parameters);
    JdkClientHttpRequestFactory requests =
        new JdkClientHttpRequestFactory(client.build(), writerThreads);
    requests.setReadTimeout(connection.readTimeout());
    plain = template(connection, requests);
    plain.setErrorHandler(new EveryAnswerIsOne());
    forLogin = template(connection, requests);
  }

  private static RestTemplate template(
      VaultConnection connection, JdkClientHttpRequestFactory requests) {
    VaultEndpoint endpoint = VaultEndpoint.from(connection.address());
    RestTemplate template =
        VaultClients.createRestTemplate(SimpleVaultEndpointProvider.of(endpoint), requests);
    connection
        .namespace()
        .ifPresent(
            name -> template.getInterceptors().add(VaultClients.createNamespaceInterceptor(name)));
    template
        .getInterceptors()
        .add(
            (request, body, execution) -> {
              request.getHeaders().set("X-Vault-Request", "true");
              return execution.execute(request, body);
            });
    return template;
  }

  private static ThreadPoolExecutor threads(String name) {
    AtomicInteger started = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name + "-" + started.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** What authentication methods of Spring Vault log in with. */
  RestTemplate forLogin() {
    return forLogin;
  }

  /** A request, tried again if its failure may pass. */
  VaultAnswer send(
      String reference, HttpMethod method, String path, char @Nullable [] token, Payload body) {
    for (int attempt = 1; ; attempt++) {
      Duration wait;
      try {
        VaultAnswer answer = once(reference, method, path, token, body);
        if (attempt == MAX_ATTEMPTS || !answer.transientFailure()) {
          return answer;
        }
        wait = answer.retryAfter();
      } catch (LostException e) {
        if (attempt == MAX_ATTEMPTS || !e.retryable) {
          throw VaultErrors.unreachable(reference, address.toString(), e.what);
        }
        wait = Duration.ZERO;
      }
      pause(reference, wait, attempt);
    }
  }

  /** A request, made once. */
  VaultAnswer once(
      String reference, HttpMethod method, String path, char @Nullable [] token, Payload body) {
    try {
      VaultAnswer answer =
          plain.execute(
              path,
              method,
              request -> {
                HttpHeaders headers = request.getHeaders();
                if (token != null) {
                  headers.set("X-Vault-Token", String.valueOf(token));
                }
                headers.set("Accept", "application/json");
                if (!body.isEmpty()) {
                  headers.set("Content-Type", "application/json");
                  request.getBody().write(body.json().getBytes(StandardCharsets.UTF_8));
                }
              },
              response -> read(reference, response));
      if (answer == null) {
        throw new IllegalStateException("no answer");
      }
      return answer;
    } catch (ResourceAccessException | CancellationException e) {
      throw lost(e); // Spring 6.2 may let the cancellation by its timeout escape
    }
  }

  private VaultAnswer read(String reference, ClientHttpResponse response) throws IOException {
    byte[] body;
    try (InputStream in = response.getBody()) {
      body = in.readNBytes(MAX_BODY + 1);
    }
    if (body.length > MAX_BODY) {
      throw VaultErrors.failure(
          SecretUnavailableException.Reason.UNUSABLE,
          reference,
          "an answer of more than " + MAX_BODY + " bytes",
          "one of Vault's",
          "Check that the address is that of a Vault.");
    }
    return VaultAnswer.of(response.getStatusCode().value(), body, retryAfter(response));
  }

  private static Duration retryAfter(ClientHttpResponse response) {
    String wait = response.getHeaders().getFirst("Retry-After");
    return wait != null && wait.matches("[0-9]{1,6}")
        ? Duration.ofSeconds(Long.parseLong(wait))
        : Duration.ZERO;
  }

  private void pause(String reference, Duration asked, int attempt) {
    long doubled = FIRST_PAUSE.toMillis() << (attempt - 1);
    Duration own =
        Duration.ofMillis(doubled / 2 + ThreadLocalRandom.current().nextLong(doubled / 2 + 1));
    Duration wait = asked.compareTo(own) > 0 ? asked : own;
    try {
      boolean unused =
          time.waiter().await(wait.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw VaultErrors.unreachable(reference, address.toString(), "an interruption, no answer");
    }
  }

  /** There was no answer. Says what happened without what was sent. */
  static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String what;
    private final boolean retryable;

    LostException(String what, boolean retryable) {
      super(what);
      this.what = what;
      this.retryable = retryable;
    }

    String what() {
      return what;
    }
  }

  static LostException lost(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return new LostException("a certificate or a connection that TLS refuses", false);
      } else if (cause instanceof HttpTimeoutException
          || cause instanceof TimeoutException
          || cause instanceof CancellationException) {
        return new LostException("no answer in time", false);
      } else if (cause instanceof ConnectException) {
        return new LostException("no connection", true);
      } else if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        return new LostException("an interruption, no answer", false);
      } else if (cause instanceof IOException
          && String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("timed out")) {
        return new LostException("no answer in time", false);
      }
    }
    return new LostException("a broken connection", true);
  }

  String address() {
    return address.toString();
  }

  @Override
  public void close() {
    clientThreads.shutdownNow();
    writerThreads.shutdownNow();
  }

  /** No status is an exception: what it means depends on the request. */
  private static final class EveryAnswerIsOne implements ResponseErrorHandler {
    @Override
    public boolean hasError(ClientHttpResponse response) {
      return false;
    }

    @Override
    public void handleError(URI url, HttpMethod method, ClientHttpResponse response) {}
  }

  /** Where to connect, and how. */
  record VaultConnection(
      URI address,
      Optional<String> namespace,
      javax.net.ssl.@Nullable SSLContext tls,
      Duration connectTimeout,
      Duration readTimeout) {}
}
