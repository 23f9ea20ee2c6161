// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import java.security.SecureRandom;

/** ULIDs in lower case: 48 bits of time, 80 random bits, increasing within this process. */
final class Ulid {
  private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int LENGTH = 26;
  private static final int TIME_DIGITS = 10;
  private static final int BITS = 5;
  private static final int MASK = 31;

  /** Half of the 80 random bits each; both stay in 40 bits. */
  private static final long HALF = (1L << 40) - 1;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Ulid SHARED = new Ulid();

  private long lastMillis = -1;
  private long high;
  private long low;

  Ulid() {}

  static String next() {
    return SHARED.next(System.currentTimeMillis());
  }

  /** A clock that stands still or goes back continues the last id. */
  synchronized String next(long millis) {
    if (millis > lastMillis) {
      lastMillis = millis;
      high = RANDOM.nextLong() & HALF;
      low = RANDOM.nextLong() & HALF;
    } else {
      low = (low + 1) & HALF;
      if (low == 0) {
        high = (high + 1) & HALF;
        lastMillis += high == 0 ? 1 : 0;
      }
    }
    var out = new char[LENGTH];
    put(lastMillis, out, 0, TIME_DIGITS);
    put(high, out, TIME_DIGITS, TIME_DIGITS + 8);
    put(low, out, TIME_DIGITS + 8, LENGTH);
    return new String(out);
  }

  private static void put(long bits, char[] out, int from, int to) {
    long rest = bits;
    for (int i = to - 1; i >= from; i--) {
      out[i] = DIGITS[(int) (rest & MASK)];
      rest >>>= BITS;
    }
  }
}
