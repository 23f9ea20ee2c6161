// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.spi.ForwardingRunStore;
import io.agentgovernance.spi.RunStore;

/**
 * A run's store that is told no secrets: what is written is a command, and nothing else carries
 * what an agent said. Thread safe if the store is.
 */
final class CleanRunStore extends ForwardingRunStore {
  private final Cleaner cleaner;

  CleanRunStore(RunStore store, Cleaner cleaner) {
    super(store);
    this.cleaner = cleaner;
  }

  @Override
  public <R> Applied<R> apply(Command<R> command) {
    return super.apply(cleaner.value(command));
  }
}
