// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.ForwardingCheckpointStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A checkpoint store in memory that writes on a thread of its own. Thread safe. */
final class LateCheckpoints extends ForwardingCheckpointStore {
  /** When somebody may look at what is about to be durable, on the store's thread. */
  enum Look {
    BEFORE_IT_IS_TOLD,
    AFTER_IT_WAS_TOLD
  }

  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private final Look look;
  private final Consumer<List<Delta>> watcher;

  LateCheckpoints(Look look, Consumer<List<Delta>> watcher) {
    super(Backends.checkpoints());
    this.look = look;
    this.watcher = watcher;
  }

  @Override
  public Appending begin(
      RunId run, long epoch, List<Delta> deltas, Consumer<@Nullable RuntimeException> told) {
    List<Delta> written = List.copyOf(deltas);
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> {
              append(run, epoch, written);
              if (look == Look.BEFORE_IT_IS_TOLD) {
                watcher.accept(written);
              }
              told.accept(null);
              if (look == Look.AFTER_IT_WAS_TOLD) {
                watcher.accept(written);
              }
            },
            writer);
    return () -> {
      try {
        done.join();
      } catch (CompletionException e) {
        throw new AssertionError(e.getCause());
      }
    };
  }

  @Override
  public void close() {
    writer.shutdown();
    super.close();
  }
}
