// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

/** Tells of Ctrl-C and of requests to end the process. */
interface Interrupts {
  /** Nobody interrupts. */
  Interrupts NEVER = stop -> () -> {};

  /**
   * Has {@code stop} called, on another thread, when the process is to end.
   *
   * @return ends that
   */
  Registration onInterrupt(Runnable stop);

  /** Ends what {@link #onInterrupt} began. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
