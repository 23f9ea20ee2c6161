// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class LedgerHashTest extends LedgerVectors {
  private static final Digest PREVIOUS = Digest.sha256("previous");
  private static final LedgerEntry ENTRY =
      new LedgerEntry(
          7,
          Instant.parse("2026-11-20T10:00:00.000000001Z"),
          TenantId.parse("default"),
          RunId.parse("run-1"),
          AgentId.parse("run-1-alpha"),
          "INTENT",
          1,
          "key/1",
          Payload.json("{\"a\":1}"),
          PREVIOUS,
          LedgerHash.GENESIS);

  @Test
  void aSignatureIsNotPartOfWhatIsSigned() {
    var anchor = Anchor.of("ledger-1", 9, PREVIOUS, Instant.EPOCH, 1);

    var signed = anchor.signed(new Anchor.Signature("Ed25519", "key-1", "c2ln"));

    assertThat(signed.signedBytes()).isEqualTo(anchor.signedBytes());
    assertThat(signed).isNotEqualTo(anchor);
  }

  @Test
  void everyColumnChangesTheHash() {
    var e = ENTRY;
    var changed = new ArrayList<LedgerEntry>();
    changed.add(e);
    changed.add(
        with(
            8,
            e.at(),
            "default",
            "run-1",
            "run-1-alpha",
            "INTENT",
            1,
            "key/1",
            "{\"a\":1}",
            PREVIOUS));
    changed.add(
        with(
            7,
            e.at().plusNanos(1),
            "default",
            "run-1",
            "run-1-alpha",
            "INTENT",
            1,
            "key/1",
            "{\"a\":1}",
            PREVIOUS));
    changed.add(
        with(
            7,
            e.at().plusSeconds(1),
            "default",
            "run-1",
            "run-1-alpha",
            "INTENT",
            1,
            "key/1",
            "{\"a\":1}",
            PREVIOUS));
    changed.add(
        with(
            7,
            e.at(),
            "other",
            "run-1",
            "run-1-alpha",
            "INTENT",
            1,
            "key/1",
            "{\"a\":1}",
            PREVIOUS));
    changed.add(
        with(
            7,
            e.at(),
            "default",
            "run-2",
            "run-1-alpha",
            "INTENT",
            1,
            "key/1",
            "{\"a\":1}",
            PREVIOUS));
    changed.add(
        with(
            7,
            e.at(),
            "default",
            "run-1",
            "run-1-beta",
            "INTENT",
            1,
            "key/1",
            "{\"a\":1}",
            PREVIOUS));
    changed.add(
        with(7, e.at(), "default", "run-1", null, "INTENT", 1, "key/1", "{\"a\":1}", PREVIOUS));
    changed.add(
        with(
            7,
            e.at(),
            "default",
            "run-1",
            "run-1-alpha",
            "OUTCOME",
            1,
            "key/1",
            "{\"a\":1}",
            PREVIOUS));
    changed.add(
        with(
            7,
            e.at(),
            "default",
            "run-1",
            "run-1-alpha",
            "INTENT",
            2,
            "key/1",
            "{\"a\":1}",
            PREVIOUS));
    changed.add(
        with(
            7,
            e.at(),
            "default",
            "run-1",
            "run-1-alpha",
            "INTENT",
            1,
            "key/2",
            "{\"a\":1}",
            PREVIOUS));
    changed.add(
        with(
            7,
            e.at(),
            "default",
            "run-1",
            "run-1-alpha",
            "INTENT",
            1,
            "key/1",
            "{\"a\":2}",
            PREVIOUS));
    changed.add(
        with(
            7,
            e.at(),
            "default",
            "run-1",
            "run-1-alpha",
            "INTENT",
            1,
            "key/1",
            "{\"a\":1}",
            LedgerHash.GENESIS));

    assertThat(changed.stream().map(LedgerHash::of)).doesNotHaveDuplicates();
  }

  @Test
  void aCharacterThatMovesToTheNextColumnChangesTheHash() {
    var e = ENTRY;

    var one = with(7, e.at(), "ab", "c", null, "INTENT", 1, "k", "1", PREVIOUS);
    var two = with(7, e.at(), "a", "bc", null, "INTENT", 1, "k", "1", PREVIOUS);

    assertThat(LedgerHash.of(one)).isNotEqualTo(LedgerHash.of(two));
  }

  @Test
  void anAbsentAgentIsNotAnEmptyOne() {
    var hasher = new LedgerHash();
    byte[] previous = PREVIOUS.bytes();
    byte[] body = "1".getBytes(UTF_8);

    byte[] absent = hasher.hash(1, previous, 1, Instant.EPOCH, "t", "r", null, "X", "k", body);
    byte[] empty = hasher.hash(1, previous, 1, Instant.EPOCH, "t", "r", "", "X", "k", body);

    assertThat(absent).isNotEqualTo(empty);
  }

  @Test
  void theHashItselfIsNotHashed() {
    var withHash =
        LedgerEntry.of(
            new LedgerDraft(
                ENTRY.run(),
                ENTRY.agent(),
                ENTRY.tenant(),
                ENTRY.type(),
                ENTRY.at(),
                ENTRY.idempotencyKey(),
                ENTRY.body()),
            7,
            PREVIOUS,
            LedgerHash.of(ENTRY));

    assertThat(LedgerHash.of(withHash)).isEqualTo(withHash.hash());
  }

  @Test
  void aReusedHasherForgetsTheEntryBefore() {
    var hasher = new LedgerHash();
    var large =
        with(
            1,
            ENTRY.at(),
            "t",
            "r",
            null,
            "X",
            1,
            "k",
            "\"" + "x".repeat(100_000) + "\"",
            PREVIOUS);

    assertThat(hasher.hash(ENTRY)).isEqualTo(LedgerHash.of(ENTRY));
    assertThat(hasher.hash(large)).isEqualTo(LedgerHash.of(large));
    assertThat(hasher.hash(ENTRY)).isEqualTo(LedgerHash.of(ENTRY));
  }

  @Test
  void aPreviousHashOfAnotherLengthIsRefused() {
    assertThatThrownBy(
            () ->
                new LedgerHash()
                    .hash(1, new byte[31], 1, Instant.EPOCH, "t", "r", null, "X", "k", new byte[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32 bytes")
        .hasMessageContaining("31");
  }
}
