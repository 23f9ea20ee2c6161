// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F27: Vault that is down, slow or somebody else denies, in bounded time. */
class VaultNetworkTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir private Path folder;

  @Test
  void aCertificateOfTheNamedAuthorityIsTrusted() throws IOException {
    HeldCertificate certificate = certificate();
    Path pem = Files.writeString(folder.resolve("ca.pem"), certificate.certificatePem());
    try (FakeVault vault = tls(certificate);
        VaultSecretSource source = vault.source().trust(pem).build()) {
      assertThat(VaultContractTest.text(source, "vault:services/x")).isEqualTo("pa55word-of-x");
    }
  }

  @Test
  void anotherCertificateIsNotAndNoTokenIsSent() throws IOException {
    Path pem = Files.writeString(folder.resolve("ca.pem"), certificate().certificatePem());
    try (FakeVault vault = tls(certificate())) {
      try (VaultSecretSource source = vault.source().trust(pem).build()) {
        assertThat(failure(source)).hasMessageContaining("TLS refuses");
      }
      try (VaultSecretSource source = vault.source().build()) {
        assertThat(failure(source)).hasMessageContaining("CA certificate");
      }
      assertThat(vault.seen()).isEmpty();
    }
  }

  @Test
  void aCertificateForAnotherHostIsNot() throws IOException {
    HeldCertificate other =
        new HeldCertificate.Builder().addSubjectAlternativeName("vault.example").build();
    Path pem = Files.writeString(folder.resolve("ca.pem"), other.certificatePem());
    try (FakeVault vault = tls(other);
        VaultSecretSource source = vault.source().trust(pem).build()) {
      assertThat(failure(source)).hasMessageContaining("TLS refuses");
      assertThat(vault.seen()).isEmpty();
    }
  }

  @Test
  void aFileWithoutCertificatesIsRefusedAtOnce() throws IOException {
    Path pem = Files.writeString(folder.resolve("ca.pem"), "no certificate");
    try (FakeVault vault = new FakeVault()) {
      assertThatExceptionOfType(BadInputException.class)
          .isThrownBy(() -> vault.source().trust(pem))
          .withMessageContaining("certificates in PEM");
    }
  }

  @Test
  void aServerThatHangsIsGivenUp() {
    try (FakeVault vault = new FakeVault();
        VaultSecretSource source = vault.source().readTimeout(SHORT).build()) {
      vault.on(
          "GET /v1/secret/data/services/x",
          new MockResponse.Builder().headersDelay(60, TimeUnit.SECONDS).body("{}").build());
      assertThat(failure(source)).hasMessageContaining("no answer in time");
    }
  }

  @Test
  void aServerThatDripsIsGivenUp() {
    try (FakeVault vault = new FakeVault();
        VaultSecretSource source = vault.source().readTimeout(SHORT).build()) {
      vault.on(
          "GET /v1/secret/data/services/x",
          new MockResponse.Builder()
              .throttleBody(1, 200, TimeUnit.MILLISECONDS)
              .body(" ".repeat(1000))
              .build());
      assertThat(failure(source).reason()).isEqualTo(Reason.UNAVAILABLE);
    }
  }

  @Test
  void aConnectionThatIsResetIsTriedAgain() {
    try (FakeVault vault = new FakeVault();
        VaultSecretSource source = vault.source().build()) {
      MockResponse reset =
          new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build();
      vault.on("GET /v1/secret/data/services/x", reset);
      assertThat(failure(source)).hasMessageContaining("a broken connection");
      assertThat(vault.lines().stream().filter(line -> line.endsWith("services/x")))
          .hasSizeGreaterThanOrEqualTo(VaultHttp.MAX_ATTEMPTS);
    }
  }

  @Test
  void anAnswerWithoutEndIsNotRead() {
    try (FakeVault vault = new FakeVault();
        VaultSecretSource source = vault.source().build()) {
      vault.on(
          "GET /v1/secret/data/services/x",
          new MockResponse.Builder().body("x".repeat(VaultHttp.MAX_BODY + 1)).build());
      assertThat(failure(source)).hasMessageContaining("an answer of more than");
    }
  }

  @Test
  void nobodyThereIsToldSo() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (VaultSecretSource source =
        VaultSecretSource.at(URI.create("http://127.0.0.1:" + free))
            .credentials(io.agentgovernance.spi.SecretSource.environment(FakeVault.CREDENTIALS))
            .build()) {
      assertThat(failure(source)).hasMessageContaining("no connection from http://127.0.0.1");
      assertThat(source.health().state()).isEqualTo(VaultHealth.State.UNKNOWN);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://vault.bank:8200",
        "http://127.0.0.1.evil.example:8200",
        "ftp://vault.bank",
        "https://user:c4nary@vault.bank",
        "https://vault.bank?token=c4nary",
        "vault.bank:8200"
      })
  void anAddressThatWouldShowTokensIsRefused(String address) {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> VaultSecretSource.at(URI.create(address)))
        .withMessageContaining("vault.address")
        .withMessageNotContaining("c4nary");
  }

  private static SecretUnavailableException failure(VaultSecretSource source) {
    SecretUnavailableException thrown =
        catchThrowableOfType(
            SecretUnavailableException.class, () -> source.read("vault:services/x"));
    assertThat(thrown).as("an exception").isNotNull();
    assertThat(String.valueOf(thrown.getMessage())).doesNotContain("c4nary");
    return thrown;
  }

  private static FakeVault tls(HeldCertificate certificate) {
    return new FakeVault(
        new HandshakeCertificates.Builder()
            .heldCertificate(certificate)
            .build()
            .sslSocketFactory());
  }

  private static HeldCertificate certificate() {
    return new HeldCertificate.Builder()
        .addSubjectAlternativeName("localhost")
        .addSubjectAlternativeName("127.0.0.1")
        .build();
  }
}
