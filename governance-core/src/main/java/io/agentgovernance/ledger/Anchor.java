// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Digest;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The head of a ledger at one moment, kept outside it: a chain alone does not show that its end was
 * cut off or that all of it was rewritten. Immutable.
 *
 * @param ledgerId names the ledger; stays the same when its file is moved
 * @param sequence the last entry covered
 * @param hash that entry's hash
 * @param at when the anchor was made
 * @param epoch grows each time the ledger is opened for writing
 * @param signature over {@link #signedBytes()}, or null if not signed
 */
public record Anchor(
    String ledgerId,
    long sequence,
    Digest hash,
    Instant at,
    long epoch,
    @Nullable Signature signature) {
  private static final byte DOMAIN_ANCHOR = 2;

  public Anchor {
    requireNonNull(ledgerId, "ledgerId");
    requireNonNull(hash, "hash");
    requireNonNull(at, "at");
  }

  /**
   * Who vouches for an anchor.
   *
   * @param algorithm such as {@code Ed25519}
   * @param keyId which key signed
   * @param value the signature, Base64
   */
  public record Signature(String algorithm, String keyId, String value) {
    public Signature {
      requireNonNull(algorithm, "algorithm");
      requireNonNull(keyId, "keyId");
      requireNonNull(value, "value");
    }
  }

  /** Returns an anchor that is not signed. */
  public static Anchor of(String ledgerId, long sequence, Digest hash, Instant at, long epoch) {
    return new Anchor(ledgerId, sequence, hash, at, epoch, null);
  }

  /** Returns a copy with this signature. */
  public Anchor signed(Signature signature) {
    return new Anchor(ledgerId, sequence, hash, at, epoch, requireNonNull(signature, "signature"));
  }

  /**
   * Returns what is signed: the byte 02, ledger id (u32 length and UTF-8), sequence u64, hash 32
   * bytes, time (epoch seconds i64, nanos u32), epoch u64, numbers big-endian.
   */
  public byte[] signedBytes() {
    byte[] id = ledgerId.getBytes(UTF_8);
    return ByteBuffer.allocate(1 + 4 + id.length + 8 + LedgerHash.BYTES + 8 + 4 + 8)
        .put(DOMAIN_ANCHOR)
        .putInt(id.length)
        .put(id)
        .putLong(sequence)
        .put(hash.bytes())
        .putLong(at.getEpochSecond())
        .putInt(at.getNano())
        .putLong(epoch)
        .array();
  }
}
