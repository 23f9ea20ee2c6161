// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.AuditLedgerProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteLedgerProviderTest {
  @TempDir Path folder;

  private static AuditLedger open(String rest) {
    return new SqliteLedgerProvider().open(rest, context(null));
  }

  private static ProviderContext context(SecretSource secrets) {
    return new ProviderContext() {
      @Override
      public TimeSource time() {
        return TimeSource.system();
      }

      @Override
      public ClassLoader classLoader() {
        return SqliteLedgerProviderTest.class.getClassLoader();
      }

      @Override
      public Optional<SecretSource> secrets() {
        return Optional.ofNullable(secrets);
      }
    };
  }

  @Test
  void itIsFoundByItsScheme() {
    assertThat(ServiceLoader.load(AuditLedgerProvider.class))
        .filteredOn(provider -> provider.scheme().equals("sqlite"))
        .singleElement()
        .isInstanceOf(SqliteLedgerProvider.class);
  }

  @Test
  void anOrchestratorWritesToIt() {
    String uri = "sqlite:" + folder.resolve("ledger.db") + "?key=file:" + folder.resolve("l.key");
    try (var orchestrator = Orchestrator.builder().model("local:").ledger(uri).build()) {
      orchestrator.run(RunRequest.of("Design a caching strategy"));
    }

    assertThat(
            SqliteLedger.verify(
                folder.resolve("ledger.db"), AnchorKeys.read(folder.resolve("l.key.pub"))))
        .isInstanceOfSatisfying(Ok.class, ok -> assertThat(ok.entries()).isGreaterThan(5));
  }

  @Test
  void optionsSetWhatTheBuilderSets() {
    String key = "key=file:" + folder.resolve("l.key");
    try (var ledger = open(folder.resolve("a.db") + "?" + key)) {
      assertThat(ledger.durability()).isEqualTo(Durability.DURABLE);
    }
    Path sink = folder.resolve("sink file");
    try (var ledger =
        open(
            "//"
                + folder.resolve("b%20c.db")
                + "?durability=process-crash-only&anchorEvery=1&anchorInterval=5s&anchorSink=file:"
                + sink.toString().replace(" ", "%20")
                + "&"
                + key)) {
      assertThat(ledger.durability()).isEqualTo(Durability.PROCESS_CRASH);
      Ledgers.append(ledger, Ledgers.note("k"));
    }
    assertThat(folder.resolve("b c.db")).exists();
    assertThat(FileAnchorSink.read(sink)).hasSize(1);
  }

  @Test
  void aKeyMayBeAReferenceToASecret() {
    var key = AnchorKey.generate();
    SecretSource secrets =
        reference -> Secret.of(reference + "\n" + new String(key.pem(), StandardCharsets.US_ASCII));

    try (var ledger =
        new SqliteLedgerProvider()
            .open(folder.resolve("ledger.db") + "?key=vault:ledger", context(secrets))) {
      assertThat(((SqliteLedger) ledger).publicKey()).isEqualTo(key.publicKey());
    }
    assertThatThrownBy(() -> open(folder.resolve("other.db") + "?key=vault:ledger"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("secret source");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//host/ledger.db",
        ":memory:",
        "file:x.db",
        "x%zz",
        "x?unknown=1",
        "x?anchorEvery",
        "x?anchorEvery=0",
        "x?anchorEvery=1&anchorEvery=2",
        "x?anchorInterval=soon",
        "x?anchorInterval=PT0S",
        "x?anchorSink=http://notary",
        "x?durability=none",
        "/no/such/folder/ledger.db",
        "/"
      })
  void whatMakesNoSenseIsRefused(String rest) {
    assertThatThrownBy(() -> open(rest)).isInstanceOf(BadInputException.class);
  }
}
