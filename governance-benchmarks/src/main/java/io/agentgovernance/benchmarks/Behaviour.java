// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.time.Duration;

/**
 * What one library does when things go wrong. Each method runs its scenario now, with the library's
 * own means at their best, and reports what was seen; nothing is known beforehand.
 *
 * <p>Used by one thread; each method blocks for up to a few seconds. To add a library, implement
 * this interface and name it in {@link BehaviourTable#COLUMNS}.
 */
public interface Behaviour {

  /** How soon a failing agent fails while the other still works. */
  Duration FAILS_AFTER = Duration.ofMillis(50);

  /** How long a slow agent's model call takes. */
  Duration SLOW = Duration.ofMillis(800);

  /** How soon the caller gives up. */
  Duration GIVES_UP_AFTER = Duration.ofMillis(200);

  /** How many threads make calls in {@link #tokenSum()}. */
  int THREADS = 16;

  /** How many calls each of the {@link #THREADS} makes. */
  int CALLS_PER_THREAD = 2_000;

  /** After how many failures the probe of {@link #retryForEver()} lets the call succeed. */
  int RETRY_BOUND = 100_000;

  /** The library and its version. */
  String name();

  /**
   * Runs everything once without failures and delays, so that the figures are those of a warm JVM.
   */
  void warmUp() throws Exception;

  /** ALPHA writes a draft and fails after {@link #FAILS_AFTER}; BETA needs {@link #SLOW}. */
  Cell oneAgentFails() throws Exception;

  /** Both agents need {@link #SLOW}; the caller gives up after {@link #GIVES_UP_AFTER}. */
  Cell callerGivesUp() throws Exception;

  /** BETA finishes, then ALPHA fails: is there a way to BETA's result? */
  Cell resultsKept() throws Exception;

  /**
   * As before with persistence on, then run again from what was stored, with a model that answers.
   */
  Cell resume() throws Exception;

  /** The library's own count of tokens after {@link #THREADS} × {@link #CALLS_PER_THREAD} calls. */
  Cell tokenSum() throws Exception;

  /** ALPHA always fails and the error handler always says retry. */
  Cell retryForEver() throws Exception;
}
