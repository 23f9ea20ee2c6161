// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import org.jspecify.annotations.Nullable;

/**
 * A moment of {@link ManualTime} at which something happens. Those of one moment keep the order in
 * which they were made.
 */
abstract class Deadline implements Comparable<Deadline> {
  final long at;
  private final long number;

  Deadline(long at, long number) {
    this.at = at;
    this.number = number;
  }

  @Override
  public final int compareTo(Deadline other) {
    return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public final int hashCode() {
    return Long.hashCode(number);
  }

  /** A timer's moment. */
  static final class OfTimer extends Deadline {
    final Runnable task;

    OfTimer(long at, long number, Runnable task) {
      super(at, number);
      this.task = task;
    }
  }
}
