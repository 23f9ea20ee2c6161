// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Has the end of a run wait for a store that may not answer, for so long as for the ledger and no
 * longer. What is not done by then is done all the same, and the stores are let go of behind it.
 * Confined to the coordinator's tasks.
 */
final class StoreWait {
  private final RunCoordinator run;
  private int underWay;
  private @Nullable Runnable last;

  StoreWait(RunCoordinator run) {
    this.run = run;
  }

  /**
   * Does something on a thread apart, and goes on when it is done or the time is over.
   *
   * @param work may wait for the store; throws nothing
   * @param late what to do first if the time is over: a decision
   * @param then how to go on: a decision, made once
   */
  void perform(Runnable work, Runnable late, Runnable then) {
    ControlThreads control = run.run().services().control();
    var next = new Next(late, then);
    underWay++;
    TimeSource.Timer bound =
        control.after(
            run.run().services().tuning().ledgerTimeout(), () -> run.post(next::withoutIt));
    control.decide(
        () -> {
          work.run();
          boolean unused = bound.cancel();
          run.post(() -> done(next));
        });
  }

  private void done(Next next) {
    underWay--;
    next.withIt();
    Runnable waiting = last;
    if (underWay == 0 && waiting != null) {
      last = null;
      waiting.run();
    }
  }

  /** Whether nothing that was begun is still tried. */
  boolean isOver() {
    return underWay == 0;
  }

  /** Does the last thing of all, when nothing that was begun is still tried. */
  void afterAll(Runnable work) {
    if (isOver()) {
      work.run();
    } else {
      last = work;
    }
  }

  /** What comes after a wait, once. */
  private static final class Next {
    private final Runnable late;
    private final Runnable then;
    private boolean gone;

    Next(Runnable late, Runnable then) {
      this.late = late;
      this.then = then;
    }

    void withIt() {
      if (!gone) {
        gone = true;
        then.run();
      }
    }

    void withoutIt() {
      if (!gone) {
        late.run();
        withIt();
      }
    }
  }
}
