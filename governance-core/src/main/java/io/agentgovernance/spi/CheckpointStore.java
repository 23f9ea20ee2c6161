// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Remembers: the small deltas from which a run is rebuilt, and the epoch that says who may add to
 * them.
 *
 * <p>Thread safe. {@link #append} returns when the deltas are as durable as {@link #durability()}
 * says; it may block for the backend's timeout, never longer, and then throws {@link
 * CheckpointUnavailableException}.
 */
public interface CheckpointStore extends AutoCloseable {

  /**
   * Takes a run over, by compare-and-set: succeeds only if the run's epoch is still {@code
   * expected}, 0 for a run that is not there yet.
   *
   * @return the new epoch, higher than all before, or empty if somebody else was first
   */
  OptionalLong claim(RunId run, long expected);

  /** The run's epoch, 0 if it is not there. */
  long epoch(RunId run);

  /**
   * Adds deltas in order, all or none.
   *
   * @throws StaleEpochException if {@code epoch} is not the current one
   */
  void append(RunId run, long epoch, List<Delta> deltas);

  /** Deltas on their way to be durable. For the thread that began it. */
  interface Appending {
    /** Waits as {@link #append} does, and throws what it throws. */
    void await();
  }

  /**
   * Begins to add deltas in order, all or none: as {@link #append}, but a store that writes on a
   * thread of its own does not wait for it here. By default it does wait.
   *
   * <p>Of one run the next append may begin when this one was told of. Whoever begins one has to
   * {@link Appending#await} it, so that it ends also if the backend does not answer.
   *
   * @param told called once with null when the deltas are durable, or with what {@link #append}
   *     would throw; perhaps on the store's own thread, where it must not block, and perhaps before
   *     this method returns. Not called if this method throws
   * @throws CheckpointUnavailableException if they were not taken
   */
  default Appending begin(
      RunId run, long epoch, List<Delta> deltas, Consumer<@Nullable RuntimeException> told) {
    append(run, epoch, deltas);
    told.accept(null);
    return () -> {};
  }

  /**
   * Up to {@code limit} deltas of a run after the first {@code skip}, in order; fewer only at the
   * end.
   *
   * @throws io.agentgovernance.checkpoint.CheckpointUnreadableException if one of them is of a
   *     version or type that is not known, or damaged
   */
  List<Delta> read(RunId run, long skip, int limit);

  /** The latest named point of a run. */
  Optional<Checkpoint> latest(RunId run);

  /** Marks a run as ended; it stays readable for as long as the store retains ended runs. */
  void finish(RunId run, long epoch);

  /**
   * Gives a run back that has not ended, so that it can be resumed. Nothing happens if the run has
   * ended or {@code epoch} is not the current one.
   */
  void release(RunId run, long epoch);

  /**
   * Whether somebody is at a run: it was claimed, and neither ended nor given back since. A hold
   * ends with its process at the latest. Claiming does not look at it; whoever takes a run over
   * reads the epoch first, then this, then claims.
   */
  boolean held(RunId run);

  /** The runs that were started and have not ended, oldest first, at most {@code limit}. */
  List<RunId> unfinished(int limit);

  /** How durable an appended delta is. */
  Durability durability();

  /** Closes files and connections. Idempotent, bounded. */
  @Override
  void close();
}
