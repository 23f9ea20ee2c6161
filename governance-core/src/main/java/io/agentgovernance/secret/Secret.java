// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A secret value: shown nowhere, wiped when closed. Thread safe.
 *
 * <p>It has no accessor for the value; {@link #use} lends a copy for the time of one call.
 */
public final class Secret implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final char[] value;
  private boolean closed;

  private Secret(char[] value) {
    this.value = value;
  }

  /** A secret with a copy of these characters; the caller should wipe its own. */
  public static Secret of(char[] value) {
    return new Secret(value.clone());
  }

  /** A secret with these characters. Prefer {@link #of(char[])}: text cannot be wiped. */
  public static Secret of(CharSequence value) {
    return new Secret(value.toString().toCharArray());
  }

  /**
   * Lends a copy of the value to {@code user} and wipes the copy afterwards.
   *
   * @throws IllegalStateException if the secret is closed
   */
  public <T> T use(Function<char[], T> user) {
    requireNonNull(user, "user");
    char[] copy;
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the secret is closed; read it again from its source");
      }
      copy = value.clone();
    } finally {
      lock.unlock();
    }
    try {
      return user.apply(copy);
    } finally {
      Arrays.fill(copy, '\0');
    }
  }

  /** Wipes the value. Idempotent. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      Arrays.fill(value, '\0');
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String toString() {
    return "Secret[redacted]";
  }
}
