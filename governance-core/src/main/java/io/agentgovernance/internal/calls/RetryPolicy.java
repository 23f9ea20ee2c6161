// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ModelException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Whether and when to try a model route again. Thread safe if its random generator is.
 *
 * @param maxAttempts how many attempts one route gets, the first included
 * @param base the pause after the first attempt
 * @param multiplier by how much each pause is longer than the one before
 * @param max the longest pause of our own; a provider may ask for a longer one
 * @param jitter by which part a pause may be shorter or longer at random, 0 to 1
 * @param random where the jitter comes from
 */
public record RetryPolicy(
    int maxAttempts,
    Duration base,
    double multiplier,
    Duration max,
    double jitter,
    RandomGenerator random) {
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Three attempts; 500 ms, doubled up to 30 s, 20 % more or less. */
  public static final RetryPolicy DEFAULT =
      of(
          () ->
              ThreadLocalRandom.current().nextLong()); // not the generator itself: it is a thread's

  public RetryPolicy {
    requireNonNull(random, "random");
    if (maxAttempts < 1 || !(multiplier >= 1) || !(jitter >= 0 && jitter <= 1)) {
      throw new BadInputException(
          "retry policy",
          "attempts " + maxAttempts + ", multiplier " + multiplier + ", jitter " + jitter,
          "at least 1 attempt, a multiplier of at least 1, a jitter from 0 to 1",
          "The defaults are 3, 2 and 0.2");
    }
    if (base.isNegative() || max.compareTo(base) < 0 || max.compareTo(LONGEST) > 0) {
      throw new BadInputException(
          "retry policy",
          "pauses of " + base + " up to " + max,
          "no negative pause, and a longest one that is not shorter but at most a day",
          "The defaults are PT0.5S and PT30S");
    }
  }

  /** The defaults with this random generator. */
  public static RetryPolicy of(RandomGenerator random) {
    return new RetryPolicy(3, Duration.ofMillis(500), 2, Duration.ofSeconds(30), 0.2, random);
  }

  /**
   * Says how long to pause before the next attempt.
   *
   * <p>The provider's {@link ModelException#retryAfter()} is kept to when it is longer than our own
   * pause.
   *
   * @param attempts how many attempts this route has had
   * @param error how the last one ended
   * @param remaining the time left for the whole call
   * @return the pause; empty to give up, also when it would not leave any time
   */
  public Optional<Duration> pause(int attempts, ModelException error, Duration remaining) {
    if (!error.retryable() || attempts >= maxAttempts) {
      return Optional.empty();
    }
    Duration own = backoff(attempts);
    Duration pause = error.retryAfter().filter(asked -> asked.compareTo(own) > 0).orElse(own);
    return pause.compareTo(remaining) < 0 ? Optional.of(pause) : Optional.empty();
  }

  private Duration backoff(int attempts) {
    double nanos =
        Math.min(base.toNanos() * Math.pow(multiplier, attempts - 1.0), (double) max.toNanos());
    double spread = 1 + jitter * (2 * random.nextDouble() - 1);
    return Duration.ofNanos((long) (nanos * spread));
  }
}
