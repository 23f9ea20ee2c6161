// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.net.TestCertificate;
import io.agentgovernance.testkit.redis.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code rediss://} to a real server behind a proxy that speaks TLS. */
@Timeout(90)
class TlsTest {
  @TempDir private static Path folder;

  private static RedisServer redis;
  private static TestCertificate local;
  private static FaultProxy proxy;

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    local = TestCertificate.of("dns:localhost", "ip:127.0.0.1");
    proxy = FaultProxy.tls(redis.port(), local);
  }

  @AfterAll
  static void stop() {
    proxy.close();
    redis.close();
  }

  private static String uri(FaultProxy where, TestCertificate trusted) {
    return "rediss://127.0.0.1:" + where.port() + "?ca=" + trusted.writeTo(folder);
  }

  @Test
  void aRunIsWrittenAndFollowedOverTlsAlsoAfterTheConnectionWasCut() {
    try (RedisCoordination one = TestRun.open(uri(proxy, local));
        RedisCoordination two = TestRun.open(uri(proxy, local))) {
      TestRun run = TestRun.in(one);
      TestRun.Agent agent = run.agent("alpha");
      var there = two.attach(run.id()).orElseThrow();

      run.store.apply(agent.write("w1", "key"));
      Trial.await("it is heard of", () -> there.entry("key").isPresent());
      proxy.cut();
      assertThat(run.store.apply(agent.write("w2", "other")).accepted()).isTrue();
      Trial.await("it is heard of", () -> there.entry("other").isPresent());
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() {
    TestCertificate another = TestCertificate.of("dns:localhost", "ip:127.0.0.1");

    assertThatThrownBy(() -> TestRun.open(uri(proxy, another)))
        .isInstanceOf(CoordinationUnavailableException.class)
        .hasMessageContaining("the certificate of the server was refused")
        .hasMessageContaining("ca=<PEM file>");
    assertThatThrownBy(() -> TestRun.open("rediss://127.0.0.1:" + proxy.port()))
        .as("nor by the authorities of the JDK")
        .isInstanceOf(CoordinationUnavailableException.class)
        .hasMessageContaining("the certificate of the server was refused");
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() {
    TestCertificate other = TestCertificate.of("dns:redis.bank");
    try (FaultProxy elsewhere = FaultProxy.tls(redis.port(), other)) {
      assertThatThrownBy(() -> TestRun.open(uri(elsewhere, other)))
          .isInstanceOf(CoordinationUnavailableException.class)
          .hasMessageContaining("the certificate of the server was refused")
          .hasMessageContaining("name the host as the certificate does");
    }
  }

  @Test
  void aServerThatSpeaksNoTlsIsRefused() {
    assertThatThrownBy(() -> TestRun.open("rediss://127.0.0.1:" + redis.port()))
        .isInstanceOf(CoordinationUnavailableException.class);
  }

  @Test
  void aFileThatIsNotThereAndOneWithoutTlsAreBadInput() {
    assertThatThrownBy(() -> TestRun.open("rediss://127.0.0.1:1?ca=/nowhere/ca.pem"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("/nowhere/ca.pem");
    assertThatThrownBy(() -> TestRun.open("redis://127.0.0.1:1?ca=/nowhere/ca.pem"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("rediss");
  }

  /** The control: without TLS the same proxy understands nothing. */
  @Test
  void withoutTlsNothingIsUnderstood() {
    assertThatThrownBy(() -> TestRun.open("redis://127.0.0.1:" + proxy.port()))
        .isInstanceOf(CoordinationUnavailableException.class);
  }
}
