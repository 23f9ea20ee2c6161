// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.Outcome;

/** What the process ends with. */
final class ExitCode {
  static final int COMPLETED = 0;
  static final int FAILED = 1;
  static final int BAD_INPUT = 2;
  static final int TIMEOUT = 3;
  static final int STOPPED = 4;
  static final int RESTING = 5;

  private ExitCode() {}

  static int of(Outcome outcome) {
    return outcome.match(
        accepted -> COMPLETED,
        noConsensus -> FAILED,
        timedOut -> TIMEOUT,
        stopped -> STOPPED,
        awaiting -> RESTING,
        failed -> FAILED);
  }
}
