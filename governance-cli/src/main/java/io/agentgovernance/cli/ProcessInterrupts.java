// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * SIGINT and SIGTERM, by way of a shutdown hook: it has the run stopped, waits until the command
 * has written its files, and ends the process with the command's exit code, after 6 s at the
 * latest. Before a run has begun, signals end the process as they always do. Thread safe.
 */
final class ProcessInterrupts implements Interrupts {
  private static final long LIMIT_SECONDS = 6;

  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile int exitCode = ExitCode.STOPPED;
  private volatile @Nullable Runnable stop;

  /** Begins to listen. */
  static ProcessInterrupts install() {
    ProcessInterrupts interrupts = new ProcessInterrupts();
    Runtime.getRuntime().addShutdownHook(new Thread(interrupts::shutdown, "governance-interrupt"));
    return interrupts;
  }

  @Override
  public Registration onInterrupt(Runnable stop) {
    this.stop = stop;
    return () -> this.stop = null;
  }

  /** Says that the command is done: the process may end. */
  void finished(int exitCode) {
    this.exitCode = exitCode;
    finished.countDown();
  }

  private void shutdown() {
    Runnable action = stop;
    if (finished.getCount() == 0 || action == null) {
      return;
    }
    // On a thread of its own, so that nothing it waits for makes the process outlive the limit.
    Thread stopper = new Thread(action, "governance-stop");
    stopper.setDaemon(true);
    stopper.start();
    try {
      boolean unused = finished.await(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
