// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Holds the writer before a step until told. */
final class Gate {
  private final String at;
  private final AtomicReference<@Nullable CountDownLatch> closed = new AtomicReference<>();
  private final AtomicReference<@Nullable CountDownLatch> reached = new AtomicReference<>();

  Gate(String at) {
    this.at = at;
  }

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

  void step(String name) {
    var gate = closed.get();
    if (name.equals(at) && gate != null) {
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
