// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.sqlite;

/**
 * For whom a writer keeps its batch open: for those who come again after they were answered just
 * now. One more in a batch costs less than another batch, and its insertion goes on meanwhile. For
 * the writer's thread.
 */
final class Gathering {
  /** How long the writer looks out, in one batch. */
  private static final long LONGEST_NANOS = 200_000;

  /** How long nobody has to come for the writer not to look out any more. */
  private static final long QUIET_NANOS = 60_000;

  /** For how many batches it does not, after nobody came. */
  private static final int LONGEST_PAUSE = 63;

  private final int most;
  private int expected;
  private int taken;
  private long takenAt;
  private long cameAt;
  private long committingSince;
  private long patience;
  private int pause;
  private int pausing;

  /**
   * @param most how many a batch has at most
   */
  Gathering(int most) {
    this.most = most;
  }

  /** A batch was begun with so many. */
  void begun(int size) {
    taken = size;
    takenAt = System.nanoTime();
    cameAt = takenAt;
    committingSince = takenAt;
  }

  /** How many the batch may have: as many as had asked when the last one was written. */
  int expected() {
    return expected;
  }

  /**
   * Whether somebody may still come to a batch of so many: for as long as the last one's commit
   * took, and while one comes soon after the other. Where none of them comes again, it is tried
   * more and more seldom.
   */
  boolean goesOn(int size) {
    if (size >= expected) {
      return false;
    }
    long now = System.nanoTime();
    if (now - takenAt < patience && now - cameAt < QUIET_NANOS) {
      return true;
    }
    pause = size > taken ? 0 : Math.min(LONGEST_PAUSE, 2 * pause + 1);
    pausing = pause;
    return false;
  }

  /** Some came: the batch has so many now. */
  void came(int size) {
    cameAt = System.nanoTime();
    if (size >= expected) {
      pause = 0;
    }
  }

  /** The batch is committed next. */
  void committing() {
    committingSince = System.nanoTime();
  }

  /** A batch of this size was committed while so many others came. */
  void written(int size, int waiting) {
    patience = Math.min(LONGEST_NANOS, System.nanoTime() - committingSince);
    if (pausing > 0) {
      pausing--;
      expected = 0;
    } else {
      expected = Math.min(most, size + waiting);
    }
  }
}
