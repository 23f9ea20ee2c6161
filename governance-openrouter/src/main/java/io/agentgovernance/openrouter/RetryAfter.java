// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads how long a server asks to wait. Stateless. */
final class RetryAfter {
  /** What asks for longer asks for this: a day. */
  static final Duration LONGEST = Duration.ofDays(1);

  private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(LONGEST.toSeconds());
  private static final int MAX_LENGTH = 64;

  private RetryAfter() {}

  /**
   * Reads the headers, milliseconds first.
   *
   * @param millis the value of {@code retry-after-ms}
   * @param value the value of {@code Retry-After}: seconds, or an HTTP date
   * @return null if neither can be read
   */
  static @Nullable Duration of(@Nullable String millis, @Nullable String value, Instant now) {
    Duration wait = millis == null ? null : seconds(millis, 3);
    if (wait != null || value == null) {
      return wait;
    }
    wait = seconds(value, 0);
    return wait == null ? date(value, now) : wait;
  }

  static @Nullable Duration seconds(@Nullable BigDecimal value) {
    if (value == null || value.signum() < 0) {
      return null;
    }
    return Duration.ofMillis(value.min(LONGEST_SECONDS).movePointRight(3).longValue());
  }

  private static @Nullable Duration seconds(String text, int decimals) {
    String digits = text.strip();
    if (!digits.matches("[0-9]{1,18}(\\.[0-9]{1,18})?")) {
      return null;
    }
    return seconds(new BigDecimal(digits).movePointLeft(decimals));
  }

  private static @Nullable Duration date(String text, Instant now) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    try {
      Instant then =
          ZonedDateTime.parse(
                  text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT))
              .toInstant();
      Duration wait = Duration.between(now, then);
      if (wait.isNegative()) {
        return Duration.ZERO;
      }
      return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
