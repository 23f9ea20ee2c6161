// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

/** Whatever the network does, the call ends in time with an exception that says what it was. */
class NetworkFaultTest extends Networked {
  @Test
  void aServerThatNeverAnswersEndsWithTheTime() {
    try (RawServer server = RawServer.that((socket, out) -> socket.getInputStream().read())) {
      ModelException e =
          failure(client(server.url()), new TestExchange(Duration.ofSeconds(1), delta -> {}));

      assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(e.retryable()).isTrue();
      assertThat(e.mayHaveCost()).isTrue();
      assertThat(server.requests()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatDripsEndsWithTheTime() {
    try (RawServer server =
        RawServer.that(
            (socket, out) -> {
              RawServer.write(out, RawServer.SSE_HEAD);
              CountDownLatch never = new CountDownLatch(1);
              while (!never.await(5, TimeUnit.MILLISECONDS)) {
                RawServer.write(out, ": drip\n");
              }
            })) {
      ModelException e =
          failure(client(server.url()), new TestExchange(Duration.ofSeconds(1), delta -> {}));

      assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(e.replyId()).contains("gen-1");
    }
  }

  @Test
  void aSilentServerEndsWithTheIdleTimeout() {
    try (RawServer server =
        RawServer.that(
            (socket, out) -> {
              RawServer.write(out, RawServer.SSE_HEAD + RawServer.chunk("He"));
              socket.getInputStream().read();
            })) {
      ModelException e =
          failure(
              builder(server.url()).idleTimeout(Duration.ofMillis(500)).build(),
              new TestExchange());

      assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(e).hasMessageContaining("nothing came for PT0.5S");
    }
  }

  @Test
  void aResetMidwayMayHaveCost() {
    try (RawServer server =
        RawServer.that(
            (socket, out) -> {
              RawServer.write(out, RawServer.SSE_HEAD + RawServer.chunk("He"));
              socket.setSoLinger(true, 0);
            })) {
      TestExchange exchange = new TestExchange();
      ModelException e = failure(client(server.url()), exchange);

      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(e.retryable()).isTrue();
      assertThat(e.mayHaveCost()).isTrue();
      assertThat(e.replyId()).contains("gen-1");
      assertThat(exchange.replyId()).isEqualTo("gen-1");
    }
  }

  @Test
  void aResetBeforeTheReplyIsNotSentAgainByTheClientItself() {
    try (RawServer server = RawServer.that((socket, out) -> socket.setSoLinger(true, 0))) {
      ModelException e = failure(client(server.url()), new TestExchange());

      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(e.mayHaveCost()).as("the request had been sent").isTrue();
      assertThat(server.requests()).isEqualTo(1);
    }
  }

  @Test
  void aPortWhereNobodyListensCostsNothing() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0)) {
      port = closed.getLocalPort();
    }
    ModelException e = failure(client("http://127.0.0.1:" + port + "/v1"), new TestExchange());

    assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(e.retryable()).isTrue();
    assertThat(e.mayHaveCost()).isFalse();
    assertThat(e).hasMessageContaining("Check that the server runs");
  }

  @Test
  void whatIsNoHttp() {
    try (RawServer server =
        RawServer.that((socket, out) -> RawServer.write(out, "SSH-2.0-OpenSSH\r\n\r\n"))) {
      ModelException e = failure(client(server.url()), new TestExchange());

      assertThat(e.kind()).isEqualTo(Kind.MALFORMED_REPLY);
    }
  }

  @Test
  void aWrongCertificateIsRefusedAndTheKeyStaysHere() throws Exception {
    HeldCertificate certificate =
        new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
    try (MockWebServer server = Servers.prompt()) {
      server.useHttps(
          new HandshakeCertificates.Builder()
              .heldCertificate(certificate)
              .build()
              .sslSocketFactory());
      server.start();
      String url = "https://localhost:" + server.getPort() + "/v1";
      ModelException e = failure(client(url), new TestExchange());

      assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(e.retryable()).isFalse();
      assertThat(e.mayHaveCost()).isFalse();
      assertThat(e).hasMessageContaining("certificate").hasMessageContaining("trust store");
      assertThat(server.getRequestCount()).as("no byte of a request").isZero();

      // The control: with the authority trusted, the same call succeeds.
      HandshakeCertificates trusting =
          new HandshakeCertificates.Builder()
              .addTrustedCertificate(certificate.certificate())
              .build();
      server.enqueue(
          new MockResponse.Builder()
              .body("{\"choices\":[{\"message\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}")
              .build());
      try (OpenRouterChatModel model =
          builder(url).trust(trusting.sslSocketFactory(), trusting.trustManager()).build()) {
        assertThat(model.chat(Judge.REQUEST, new TestExchange()).text()).isEqualTo("ok");
      }
    }
  }

  @Test
  void aRedirectIsNotFollowedSoThatTheKeyGoesNowhereElse() throws Exception {
    try (MockWebServer here = Servers.prompt();
        MockWebServer there = Servers.prompt()) {
      here.start();
      there.start();
      here.enqueue(
          new MockResponse.Builder()
              .code(307)
              .setHeader("Location", there.url("/api/v1/chat/completions"))
              .build());
      ModelException e = failure(client(here.url("/api/v1").toString()), new TestExchange());

      assertThat(e.kind()).isEqualTo(Kind.INVALID_REQUEST);
      assertThat(there.getRequestCount()).isZero();
    }
  }
}
