// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.io.IOException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the published vectors say of hashes and signatures. */
class LedgerVectorsTest extends LedgerVectors {
  @Test
  void everyVectorHasTheHashThatWasPublished() throws IOException {
    var vectors = Payload.json(resource("ledger-hash.json")).read(Vectors.class);

    assertThat(vectors.schema()).isEqualTo(LedgerHash.SCHEMA);
    assertThat(vectors.vectors()).hasSize(7);
    for (var vector : vectors.vectors()) {
      assertThat(LedgerHash.of(vector.entry()).hex()).as(vector.name()).isEqualTo(vector.hash());
    }
  }

  @Test
  void aRowHasTheSameHashFromItsBytes() throws IOException {
    var vectors = Payload.json(resource("ledger-hash.json")).read(Vectors.class);
    var hasher = new LedgerHash();

    for (var vector : vectors.vectors()) {
      var entry = vector.entry();
      var agent = entry.agent();
      var at = entry.at();
      byte[] hash =
          hasher.hash(
              entry.schema(),
              entry.previous().bytes(),
              entry.sequence(),
              at.getEpochSecond(),
              at.getNano(),
              entry.tenant().value().getBytes(UTF_8),
              entry.run().value().getBytes(UTF_8),
              agent == null ? null : agent.value().getBytes(UTF_8),
              entry.type().getBytes(UTF_8),
              entry.idempotencyKey().getBytes(UTF_8),
              entry.body().json().getBytes(UTF_8));

      assertThat(LedgerHash.digest(hash).hex()).as(vector.name()).isEqualTo(vector.hash());
    }
  }

  @Test
  void theHashedBytesOfTheVectorsAreThoseWritten() throws IOException {
    var vectors = Payload.json(resource("ledger-hash.json")).read(Vectors.class);

    for (var vector : vectors.vectors()) {
      vector
          .hashed()
          .ifPresent(
              hex ->
                  assertThat(Digest.sha256(HexFormat.of().parseHex(hex)).hex())
                      .as(vector.name())
                      .isEqualTo(vector.hash()));
    }
  }

  @Test
  void anchorsAreSignedOverThePublishedBytes() throws IOException {
    var anchors = Payload.json(resource("ledger-anchor.json")).read(AnchorVectors.class);

    assertThat(anchors.vectors()).hasSize(1);
    for (var vector : anchors.vectors()) {
      assertThat(HexFormat.of().formatHex(vector.anchor().signedBytes()))
          .isEqualTo(vector.signedBytes());
    }
  }

  private static String resource(String name) throws IOException {
    try (var in = LedgerVectorsTest.class.getResourceAsStream("/wire/v1/" + name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  record Vectors(int schema, List<Vector> vectors) {}

  record Vector(
      String name,
      long sequence,
      String previous,
      long atEpochSecond,
      int atNano,
      String tenant,
      String run,
      Optional<String> agent,
      String type,
      String idempotencyKey,
      String body,
      int schema,
      Optional<String> hashed,
      String hash) {
    LedgerEntry entry() {
      return with(
          sequence,
          Instant.ofEpochSecond(atEpochSecond, atNano),
          tenant,
          run,
          agent.orElse(null),
          type,
          schema,
          idempotencyKey,
          body,
          Digest.parse(previous));
    }
  }

  record AnchorVectors(List<AnchorVector> vectors) {}

  record AnchorVector(
      String ledgerId,
      long sequence,
      String hash,
      long atEpochSecond,
      int atNano,
      long epoch,
      String signedBytes) {
    Anchor anchor() {
      return Anchor.of(
          ledgerId,
          sequence,
          Digest.parse(hash),
          Instant.ofEpochSecond(atEpochSecond, atNano),
          epoch);
    }
  }
}
