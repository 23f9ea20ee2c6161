// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Holds the writer at its next transaction until told, so that what is appended is one batch. */
final class Gate implements Probe {
  private final AtomicReference<CountDownLatch> closed = new AtomicReference<>();
  private final AtomicReference<CountDownLatch> reached = new AtomicReference<>();

  void close() {
    reached.set(new CountDownLatch(1));
    closed.set(new CountDownLatch(1));
  }

  void awaitWriter() {
    await(reached.get());
  }

  void open() {
    closed.getAndSet(null).countDown();
  }

  @Override
  public void step(String name) throws SQLException {
    var gate = closed.get();
    if (name.equals("BEGIN") && gate != null) {
      reached.get().countDown();
      await(gate);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
