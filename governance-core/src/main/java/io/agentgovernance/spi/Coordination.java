// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides: holds the shared state of runs and applies every change to it atomically.
 * Implementations keep it in memory or on Redis; all pass the same contract test of the test kit.
 *
 * <p>Thread safe. Methods may block for the command timeout of the backend, never longer, and then
 * throw {@link CoordinationUnavailableException}.
 */
public interface Coordination extends AutoCloseable {

  /**
   * Creates the state of a new run.
   *
   * @return the run's store, or empty if a run of that id exists already
   */
  Optional<RunStore> create(RunTerms terms);

  /**
   * Makes the state of a run again from the changes it remembered, in the place of whatever is here
   * of it: nobody holds a lease of it then, and tokens granted from now on are higher than all of
   * earlier epochs. Stores of it that others still have answer every command {@code FENCED} with
   * the reason {@code SUPERSEDED}. The changes are not announced again.
   *
   * @param epoch the epoch of whoever takes the run over, higher than all before
   * @param changes every change of the run so far, in order
   * @throws io.agentgovernance.checkpoint.CheckpointUnreadableException if they do not fit together
   */
  RunStore restore(RunTerms terms, long epoch, List<Change> changes);

  /** The store of an existing run, if there is one. */
  Optional<RunStore> attach(RunId run);

  /**
   * Lets go of a finished run's state. In memory it is dropped; a shared store keeps it for its
   * time to live.
   */
  void release(RunId run);

  /** How long leases of this store last without renewal; the library renews at a third of it. */
  Duration leaseTtl();

  /**
   * Whether calls wait for something outside this JVM: then they may block for the backend's
   * timeout, may fail with {@link CoordinationUnavailableException}, and other JVMs may act on the
   * same runs. The library then makes no call on a thread that others wait for. Default: no, as in
   * memory.
   */
  default boolean remote() {
    return false;
  }

  /** Closes connections. Idempotent, bounded. */
  @Override
  void close();
}
