// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.io.IOException;

/**
 * One way of doing steps that a crash does not undo. Thread safe: runs are made at once.
 *
 * <p>A step adds one to a number, so that what is measured is what it costs to make it durable.
 */
interface StepContender extends AutoCloseable {

  /** The library, its version, and the kind of step. */
  String name();

  /** Where the steps go, and what is on stable storage when. */
  String settings();

  /**
   * Makes one run of {@code steps} steps, one after the other, and returns when it has ended.
   *
   * @param times takes the time of each step
   * @throws Exception if the run did not complete
   */
  void run(int steps, StepTimes times) throws Exception;

  /** Ends what was started; blocks for files and processes. */
  @Override
  void close() throws IOException;
}
