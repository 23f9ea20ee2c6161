// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The shared state of one run.
 *
 * <p>Thread safe. {@link #apply} is atomic: of any number of concurrent commands each sees the
 * effect of those before it and none of those after. Reads see at least everything the calling
 * thread has applied. Nothing here calls foreign code while it holds a lock.
 */
public interface RunStore extends RunView {

  /** Applies one command, or says why not. */
  <R> Applied<R> apply(Command<R> command);

  /**
   * Takes a lease if it is free, expired, or held by {@code owner}. Every acquisition gets a higher
   * token than all before it.
   */
  Optional<Lease> acquire(String resource, String owner, Duration ttl);

  /** Extends a lease; false if it is no longer held with that token. */
  boolean renew(Lease lease);

  /** Gives a lease back; nothing happens if it is no longer held with that token. */
  void release(Lease lease);

  /** Whether a token is the current one of a resource: what a receiver of a message checks. */
  boolean holds(String resource, long token);

  /**
   * Announces every change applied from now on, in order and without gaps, on whichever thread
   * applies or receives it. The listener must be quick, must not block and must not throw.
   *
   * @return ends the announcements
   */
  AutoCloseable follow(Consumer<Change> listener);

  /**
   * The sequence of the last change that reads of this thread have shown, or of a later one: what a
   * reader was told is not remembered before that change. It may not be announced yet. Does not
   * wait. Default: 0, for a store that shows nothing which was not announced.
   */
  default long sequence() {
    return 0;
  }

  /**
   * Whoever was given this store by its {@link Coordination} is done with it here; the state of the
   * run stays as it is for others. Each store that was given is let go of once, by this or by
   * {@link Coordination#release}; it is not used afterwards. Does not wait. Default: nothing, as
   * nothing is kept for those who look.
   */
  default void detach() {}
}
