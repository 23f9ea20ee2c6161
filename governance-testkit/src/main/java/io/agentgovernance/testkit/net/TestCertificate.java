// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for tests that nobody but they trust, made by the JDK's {@code keytool}. Immutable
 * and thread safe.
 *
 * <pre>{@code
 * TestCertificate certificate = TestCertificate.of("dns:localhost", "ip:127.0.0.1");
 * FaultProxy proxy = FaultProxy.tls(redis.port(), certificate);
 * Path trusted = certificate.writeTo(folder);
 * }</pre>
 */
public final class TestCertificate {
  private static final int BACKLOG = 1_000;
  private static final String ALIAS = "test";

  private final KeyStore keys;
  private final char[] password;

  private TestCertificate(KeyStore keys, char[] password) {
    this.keys = keys;
    this.password = password;
  }

  /**
   * Makes one with a key of its own, signed by itself, for a day. Takes about a second.
   *
   * @param names whom it is for, such as {@code dns:localhost} or {@code ip:127.0.0.1}
   */
  public static TestCertificate of(String... names) {
    char[] password = UUID.randomUUID().toString().toCharArray();
    try {
      Path folder = Files.createTempDirectory("test-certificate-");
      Path file = folder.resolve("keys.p12");
      try {
        make(file, password, String.join(",", requireNonNull(names, "names")));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
          keys.load(in, password);
        }
        return new TestCertificate(keys, password);
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no certificate could be made", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no certificate could be made", e);
    }
  }

  private static void make(Path file, char[] password, String names) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            ALIAS,
            "-dname",
            "CN=test",
            "-ext",
            "san=" + names.toLowerCase(Locale.ROOT),
            "-validity",
            "1",
            "-storetype",
            "PKCS12",
            "-keystore",
            file.toString(),
            "-storepass",
            new String(password));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    try {
      if (keytool.waitFor() != 0) {
        throw new IOException("keytool said: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }

  /** Writes the certificate, without its key, as PEM into a folder, for those who trust it. */
  public Path writeTo(Path folder) {
    try {
      byte[] encoded = keys.getCertificate(ALIAS).getEncoded();
      Path file = folder.resolve("certificate-" + UUID.randomUUID() + ".pem");
      return Files.writeString(
          file,
          "-----BEGIN CERTIFICATE-----\n"
              + Base64.getMimeEncoder().encodeToString(encoded)
              + "\n-----END CERTIFICATE-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException("the certificate cannot be written", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate cannot be read", e);
    }
  }

  /** Listens on a free port of the loopback interface as the one it is for. */
  ServerSocket listen() throws IOException {
    try {
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context
          .getServerSocketFactory()
          .createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the certificate cannot be used", e);
    }
  }
}
