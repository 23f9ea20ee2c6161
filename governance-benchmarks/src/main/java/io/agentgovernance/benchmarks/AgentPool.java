// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The kind of pool that every contender gets. */
final class AgentPool {

  static final int THREADS = 4;

  private AgentPool() {}

  static ExecutorService create(int threads) {
    var number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        threads,
        task -> {
          var thread = new Thread(task, "agent-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }
}
