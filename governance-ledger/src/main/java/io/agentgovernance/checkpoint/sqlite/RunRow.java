// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

/**
 * What is stored about one run.
 *
 * @param no its number: runs started later have higher ones
 * @param epoch its epoch
 * @param ended when it ended, in milliseconds since 1970; 0 if it has not
 * @param last the position of its last delta; 0 if it has none
 * @param marked the position of its last named point; 0 if it has none
 */
record RunRow(long no, long epoch, long ended, long last, long marked) {
  /** A delta's key is its run's number in the upper bits and its position in these. */
  static final int POSITION_BITS = 32;

  static final long MAX_POSITION = (1L << POSITION_BITS) - 1;

  /** The same with more deltas. */
  RunRow with(long newLast, long newMarked) {
    return new RunRow(no, epoch, ended, newLast, newMarked);
  }

  boolean hasEnded() {
    return ended != 0;
  }

  /** The key before that of the first delta. */
  long base() {
    return no << POSITION_BITS;
  }
}
