// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InterruptGuardTest {
  private static final int RACES = 20_000;

  @Test
  void interruptsOnceAndNotAfterLeaving() {
    var guard = new InterruptGuard();

    assertThat(guard.interrupt()).isTrue();
    assertThat(guard.interrupt()).isFalse();
    assertThat(guard.leave()).isTrue();
    assertThat(guard.interrupt()).isFalse();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void leavesTheFlagAloneIfItDidNotInterrupt() {
    var guard = new InterruptGuard();
    Thread.currentThread().interrupt();

    assertThat(guard.leave()).isFalse();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void anInterruptNeverArrivesAfterLeaving() throws Exception {
    assertThat(leaks(InterruptGuard::leave)).isZero();
  }

  /** The negative control: without the hand-shake, interrupts arrive late. */
  @Test
  void withoutLeavingInterruptsLeak() throws Exception {
    assertThat(leaks(guard -> Thread.interrupted())).isPositive();
  }

  private interface Ending {
    boolean end(InterruptGuard guard);
  }

  private static int leaks(Ending ending) throws Exception {
    var shared = new AtomicReference<InterruptGuard>();
    var start = new CyclicBarrier(2);
    var done = new CyclicBarrier(2);
    var interrupter =
        new FutureTask<>(
            () -> {
              for (int i = 0; i < RACES; i++) {
                start.await();
                shared.get().interrupt();
                done.await();
              }
              return true;
            });
    var guarded =
        new FutureTask<>(
            () -> {
              int leaks = 0;
              for (int i = 0; i < RACES; i++) {
                var guard = new InterruptGuard();
                shared.set(guard);
                start.await();
                boolean unused = ending.end(guard);
                boolean leaked = awaitCleanly(done);
                leaks += leaked ? 1 : 0;
              }
              return leaks;
            });
    new Thread(interrupter, "interrupter").start();
    new Thread(guarded, "guarded").start();
    int leaks = guarded.get();
    interrupter.get();
    return leaks;
  }

  /** A barrier breaks when its waiter is interrupted, so look at the flag by spinning first. */
  private static boolean awaitCleanly(CyclicBarrier done) throws Exception {
    while (done.getNumberWaiting() == 0) {
      Thread.onSpinWait();
    }
    boolean leaked = Thread.interrupted();
    done.await();
    return leaked;
  }
}
