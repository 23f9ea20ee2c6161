// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Two plain futures and a join: the floor that any runtime stands on. */
public final class CompletableFuturePair implements Contender {

  private final StubModel model;
  private final Executor pool;

  /** Creates the pair. */
  public CompletableFuturePair(StubModel model, Executor pool) {
    this.model = model;
    this.pool = pool;
  }

  @Override
  public String run(String topic) {
    var alpha = CompletableFuture.supplyAsync(() -> reply(Role.ALPHA, "Research " + topic), pool);
    var beta = CompletableFuture.supplyAsync(() -> reply(Role.BETA, "Synthesise " + topic), pool);
    return alpha.join() + " " + beta.join();
  }

  private String reply(Role role, String prompt) {
    try {
      return model.reply(role, prompt);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }
}
