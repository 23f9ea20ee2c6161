// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.util.function.Consumer;

/**
 * Tells the stores that a run is over here, and then gives its result. Stores outside of this JVM
 * keep the result waiting for so long as the ledger may, and no longer: they are told all the same.
 * Confined to the coordinator's tasks, but for the result, which a timer may be the first to give.
 */
final class Farewell {
  private static final Log log = Log.of(Farewell.class);

  private final RunCoordinator run;
  private final StoreWait storeWait;
  private final Consumer<RunCoordinator> whenOver;

  /**
   * @param storeWait what the end still tries; its leases are needed for that
   * @param whenOver tells the stores; may wait for them
   */
  Farewell(RunCoordinator run, StoreWait storeWait, Consumer<RunCoordinator> whenOver) {
    this.run = run;
    this.storeWait = storeWait;
    this.whenOver = whenOver;
  }

  /**
   * Says it; may wait for the stores.
   *
   * @param goesOn whether the run can be resumed
   */
  void say(OrchestrationResult result, boolean goesOn) {
    ControlThreads control = run.run().services().control();
    Runnable give =
        () -> run.resting().over(result, control::tell); // more than once changes nothing
    if (!storeWait.isOver()) {
      give.run(); // it has waited already
      storeWait.afterAll(() -> letGo(goesOn));
      return;
    }
    if (!run.run().services().coordination().remote()) {
      letGo(goesOn);
      give.run();
      return;
    }
    TimeSource.Timer bound = control.after(run.run().services().tuning().ledgerTimeout(), give);
    letGo(goesOn);
    boolean unused = bound.cancel();
    give.run();
  }

  private void letGo(boolean goesOn) {
    try {
      whenOver.accept(run);
    } catch (RuntimeException e) {
      log.warn("run {}: its stores could not be told that it is over", run.id(), e);
    }
    if (goesOn) {
      run.giveLeasesBack(); // after what goes on had a last look at who holds them
    } else {
      run.endLeases();
    }
  }
}
