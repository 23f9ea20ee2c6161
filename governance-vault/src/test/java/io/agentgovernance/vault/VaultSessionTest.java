// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a token is kept good, and given back. */
@Timeout(60)
class VaultSessionTest {
  private static final String LOGIN = "POST /v1/auth/approle/login";
  private static final String RENEW = "POST /v1/auth/token/renew-self";
  private static final String REVOKE = "POST /v1/auth/token/revoke-self";
  private static final String READ = "GET /v1/secret/data/services/x";

  private final FakeVault vault = new FakeVault();
  private final HandTime time = new HandTime();

  @AfterEach
  void close() {
    vault.close();
  }

  @Test
  void oneLoginServesManyReadsAndManyThreads() throws Exception {
    try (VaultSecretSource source = vault.appRole().build()) {
      CountDownLatch together = new CountDownLatch(1);
      var threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<String>> reads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
          reads.add(
              threads.submit(
                  () -> {
                    together.await();
                    return VaultContractTest.text(source, "vault:services/x");
                  }));
        }
        together.countDown();
        for (Future<String> each : reads) {
          assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo("pa55word-of-x");
        }
      } finally {
        threads.shutdownNow();
      }
    }

    assertThat(vault.lines()).filteredOn(LOGIN::equals).hasSize(1);
    assertThat(vault.lines()).filteredOn(READ::equals).hasSize(16);
  }

  @Test
  void theTokenIsRenewedWhenTwoThirdsOfItsTimeHavePassed() throws Exception {
    CountDownLatch renewed = new CountDownLatch(2);
    vault.on(
        RENEW,
        body -> {
          renewed.countDown();
          return FakeVault.json(200, FakeVault.login("hvs.approle-token", 1200));
        });
    try (VaultSecretSource source = vault.appRole().time(time).build()) {
      read(source);
      time.move(Duration.ofSeconds(799));
      assertThat(vault.lines()).doesNotContain(RENEW);
      time.move(Duration.ofSeconds(1));
      time.awaitScheduled(2);
      time.move(Duration.ofSeconds(800));
      assertThat(renewed.await(20, TimeUnit.SECONDS)).isTrue();
      time.awaitScheduled(3);
      read(source);
    }

    assertThat(vault.lines()).filteredOn(LOGIN::equals).hasSize(1);
    assertThat(vault.seen().stream().filter(seen -> seen.line().equals(RENEW)))
        .allMatch(seen -> seen.body().equals(Payload.of(Map.of("increment", "1200s"))))
        .allMatch(seen -> "hvs.approle-token".equals(seen.token()));
  }

  @Test
  void aTokenThatIsNotRenewedIsUsedWhileItLastsAndThenReplaced() throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    vault.on(
        RENEW,
        body -> {
          refused.countDown();
          return FakeVault.json(403, Payload.json("{\"errors\":[\"permission denied\"]}"));
        });
    try (VaultSecretSource source = vault.appRole().time(time).build()) {
      read(source);
      time.move(Duration.ofSeconds(800));
      assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();
      read(source);
      assertThat(vault.lines()).filteredOn(LOGIN::equals).hasSize(1);
      time.move(Duration.ofSeconds(395));
      read(source);
    }

    assertThat(vault.lines()).filteredOn(LOGIN::equals).hasSize(2);
  }

  @Test
  void aTokenAtItsGreatestAgeIsReplacedByALogin() throws Exception {
    vault.on(RENEW, FakeVault.json(200, FakeVault.login("hvs.approle-token", 10)));
    try (VaultSecretSource source = vault.appRole().time(time).build()) {
      read(source);
      time.move(Duration.ofSeconds(800));
      vault.awaitLine(RENEW);
      read(source); // behind the renewal
      time.move(Duration.ofSeconds(20));
      read(source);
    }

    assertThat(vault.lines()).filteredOn(LOGIN::equals).hasSize(2);
  }

  @Test
  void aGivenTokenIsRenewedButNeverRevoked() {
    vault.on(
        "GET /v1/auth/token/lookup-self",
        FakeVault.json(
            200,
            Payload.of(Map.of("data", Map.of("ttl", 3600, "renewable", true, "type", "service")))));
    vault.on(RENEW, FakeVault.json(200, FakeVault.login("x", 3600)));
    try (VaultSecretSource source = vault.source().time(time).build()) {
      read(source);
      time.move(Duration.ofMinutes(40));
      vault.awaitLine(RENEW);
    }

    assertThat(vault.lines()).doesNotContain(REVOKE);
  }

  @Test
  void closingRevokesAndEndsTheThreads() throws Exception {
    VaultSecretSource source = vault.appRole().build();
    read(source);

    source.close();
    source.close();

    assertThat(vault.lines()).filteredOn(REVOKE::equals).hasSize(1);
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> source.read("vault:services/x"))
        .withMessageContaining("a closed secret source");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith("governance-vault")) {
        thread.join(20_000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  @Test
  void afterAFailedLoginTheOthersAreToldForASecondWithoutAsking() {
    AtomicInteger logins = new AtomicInteger();
    vault.on(
        LOGIN,
        body -> {
          logins.incrementAndGet();
          return FakeVault.json(400, Payload.json("{\"errors\":[\"invalid role or secret ID\"]}"));
        });
    try (VaultSecretSource source = vault.appRole().time(time).build()) {
      for (int i = 0; i < 5; i++) {
        assertThatExceptionOfType(SecretUnavailableException.class)
            .isThrownBy(() -> source.read("vault:services/x"))
            .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.LOGIN_REFUSED));
      }
      assertThat(logins).hasValue(1);
      time.move(Duration.ofSeconds(1));
      assertThatExceptionOfType(SecretUnavailableException.class)
          .isThrownBy(() -> source.read("vault:services/x"));
      assertThat(logins).hasValue(2);
    }
  }

  @Test
  void vaultThatIsDownDeniesAlsoWhatItGaveBefore() {
    try (VaultSecretSource source = vault.appRole().build()) {
      read(source);
      vault.on(READ, FakeVault.json(503, Payload.json("{\"errors\":[\"Vault is sealed\"]}")));

      assertThatExceptionOfType(SecretUnavailableException.class)
          .isThrownBy(() -> source.read("vault:services/x"))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }
  }

  @Test
  void tokensAreTakenOutOfTexts() {
    Redactor redactor = Redactor.standard();
    vault.on(LOGIN, FakeVault.json(200, FakeVault.login("s.openbaoToken012", 1200)));
    try (VaultSecretSource source = vault.appRole().redactor(redactor).build()) {
      read(source);

      assertThat(redactor.redact("X-Vault-Token: s.openbaoToken012"))
          .isEqualTo("X-Vault-Token: [redacted]");
      assertThat(source.toString()).doesNotContain("openbaoToken");
    }
  }

  @Test
  void aServerThatIsNotVaultIsNoVault() {
    vault.on(READ, new MockResponse.Builder().body("<html>welcome</html>").build());
    try (VaultSecretSource source = vault.source().build()) {
      assertThatExceptionOfType(SecretUnavailableException.class)
          .isThrownBy(() -> source.read("vault:services/x"));
    }
  }

  private static void read(VaultSecretSource source) {
    assertThat(VaultContractTest.text(source, "vault:services/x")).isEqualTo("pa55word-of-x");
  }
}
