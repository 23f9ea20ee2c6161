// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.secret.Redactor;
import java.time.Duration;
import java.util.Arrays;

/** A token and how long it is good for. Confined to the lock of who has it. */
final class VaultToken implements AutoCloseable {
  private final char[] value;
  private final boolean renewable;
  private final boolean batch;
  private Duration ttl;
  private long from;

  /**
   * @param value the token, which this keeps
   * @param ttl how long it is good for, zero if for ever or unknown
   * @param from when it was given, in ticks
   */
  VaultToken(char[] value, Duration ttl, boolean renewable, boolean batch, long from) {
    this.value = value;
    this.ttl = ttl;
    this.renewable = renewable;
    this.batch = batch;
    this.from = from;
  }

  char[] copy() {
    return value.clone();
  }

  boolean is(char[] other) {
    return Arrays.equals(value, other);
  }

  Duration ttl() {
    return ttl;
  }

  /** Whether it ends at a known time. */
  boolean lasts() {
    return !ttl.isZero();
  }

  boolean renewable() {
    return renewable;
  }

  boolean batch() {
    return batch;
  }

  boolean expired(long ticks, Duration margin) {
    return lasts() && ticks - from >= ttl.minus(margin).toNanos();
  }

  void renewed(Duration granted, long ticks) {
    ttl = granted;
    from = ticks;
  }

  Redactor.Registration registered(Redactor redactor) {
    return redactor.register(value);
  }

  /** Wipes it. */
  @Override
  public void close() {
    Arrays.fill(value, '\0');
  }
}
