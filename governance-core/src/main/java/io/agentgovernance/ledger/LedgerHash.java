// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.payload.Digest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The hash that links ledger entries, the same for every ledger. Any column changed, moved or
 * swapped changes it.
 *
 * <pre>
 * SHA-256( 00                                    one byte, domain: entry
 *        | schema                                u32
 *        | previous                              32 bytes, all zero for the first of a chain
 *        | sequence                              u64
 *        | at: epoch seconds, nanos              i64, u32
 *        | tenant | run | agent | type | idempotency key | body )
 * </pre>
 *
 * <p>Numbers are big-endian. The last six are each a u32 length and that many bytes of UTF-8; the
 * body is canonical JSON (RFC 8785). An absent agent is the length {@code ffffffff} and no bytes,
 * so it differs from an empty one. The golden vectors are in {@code wire/v1/ledger-hash.json}.
 *
 * <p>The static methods are thread safe. An instance reuses its buffer and is not: keep one under
 * the writer's lock, or one per verification.
 */
public final class LedgerHash {
  /** Version of the hashed form, written to {@link LedgerEntry#schema}. */
  public static final int SCHEMA = 1;

  /** What the first entry of a chain has as {@link LedgerEntry#previous}: 32 zero bytes. */
  public static final Digest GENESIS = new Digest("0".repeat(64));

  /** Size of a hash in bytes. */
  public static final int BYTES = 32;

  private static final int DOMAIN_ENTRY = 0;
  private static final int ABSENT = -1;
  private static final int KEPT_BUFFER_BYTES = 65_536;

  private final MessageDigest sha256;
  private byte[] buffer = new byte[1024];
  private int length;

  /** Makes a reusable hasher. Not thread safe. */
  public LedgerHash() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** Returns the hash that {@code entry} should have, from its columns and its {@code previous}. */
  public static Digest of(LedgerEntry entry) {
    return new LedgerHash().hash(entry);
  }

  /** Returns the hash that {@code entry} should have, from its columns and its {@code previous}. */
  public Digest hash(LedgerEntry entry) {
    return digest(
        hash(
            entry.schema(),
            entry.previous().bytes(),
            entry.sequence(),
            entry.at(),
            entry.tenant().value(),
            entry.run().value(),
            value(entry.agent()),
            entry.type(),
            entry.idempotencyKey(),
            entry.body().json().getBytes(UTF_8)));
  }

  /**
   * Returns the hash of a row as a store holds it.
   *
   * @param previous 32 bytes
   * @param body the canonical JSON as stored, in UTF-8
   */
  @SuppressWarnings(
      "checkstyle:ParameterNumber") // one parameter per hashed column, in the order hashed
  public byte[] hash(
      int schema,
      byte[] previous,
      long sequence,
      Instant at,
      String tenant,
      String run,
      @Nullable String agent,
      String type,
      String idempotencyKey,
      byte[] body) {
    begin(schema, previous, sequence, at.getEpochSecond(), at.getNano());
    text(tenant);
    text(run);
    if (agent == null) {
      u32(ABSENT);
    } else {
      text(agent);
    }
    text(type);
    text(idempotencyKey);
    field(body);
    return finish();
  }

  /**
   * Returns the hash of a row from the bytes a store holds, without decoding them. For verifying:
   * bytes that are no UTF-8, or a time out of range, are hashed as they are.
   *
   * @param previous 32 bytes
   * @param epochSecond the seconds of the time
   * @param nano the nanoseconds of the time, as stored
   * @param agent the agent, or null if the row has none
   * @param body the canonical JSON as stored
   */
  @SuppressWarnings(
      "checkstyle:ParameterNumber") // one parameter per hashed column, in the order hashed
  public byte[] hash(
      int schema,
      byte[] previous,
      long sequence,
      long epochSecond,
      int nano,
      byte[] tenant,
      byte[] run,
      byte @Nullable [] agent,
      byte[] type,
      byte[] idempotencyKey,
      byte[] body) {
    begin(schema, previous, sequence, epochSecond, nano);
    field(tenant);
    field(run);
    if (agent == null) {
      u32(ABSENT);
    } else {
      field(agent);
    }
    field(type);
    field(idempotencyKey);
    field(body);
    return finish();
  }

  /** Returns the digest of 32 bytes. */
  public static Digest digest(byte[] hash) {
    return new Digest(HexFormat.of().formatHex(hash));
  }

  private static @Nullable String value(@Nullable AgentId agent) {
    return agent == null ? null : agent.value();
  }

  private void begin(int schema, byte[] previous, long sequence, long epochSecond, int nano) {
    if (previous.length != BYTES) {
      throw new IllegalArgumentException("previous must have 32 bytes but had " + previous.length);
    }
    length = 0;
    room(1);
    buffer[length++] = DOMAIN_ENTRY;
    u32(schema);
    raw(previous);
    u64(sequence);
    u64(epochSecond);
    u32(nano);
  }

  private void text(String value) {
    field(value.getBytes(UTF_8));
  }

  private void field(byte[] bytes) {
    u32(bytes.length);
    raw(bytes);
  }

  private void raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void u32(int value) {
    room(Integer.BYTES);
    for (int shift = 24; shift >= 0; shift -= 8) {
      buffer[length++] = (byte) (value >>> shift);
    }
  }

  private void u64(long value) {
    u32((int) (value >>> 32));
    u32((int) value);
  }

  private void room(int bytes) {
    int needed = Math.addExact(length, bytes);
    if (needed > buffer.length) {
      buffer =
          Arrays.copyOf(
              buffer, Math.max(needed, (int) Math.min(Integer.MAX_VALUE - 8L, buffer.length * 2L)));
    }
  }

  private byte[] finish() {
    sha256.update(buffer, 0, length);
    if (buffer.length > KEPT_BUFFER_BYTES) {
      buffer = new byte[1024];
    }
    return sha256.digest();
  }
}
