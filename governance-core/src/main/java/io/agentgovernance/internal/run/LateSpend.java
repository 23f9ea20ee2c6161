// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a run spent, after it is over in this process: others may have learned more since, and
 * another process may have its state. So a shared store is asked anew. Thread safe; may wait for
 * the store.
 */
final class LateSpend {
  private static final String SUPERSEDED = "SUPERSEDED"; // as Coordination.restore says

  private LateSpend() {}

  /** What the run has spent by now. */
  static Spend read(RunContext run) {
    return anew(run, RunStore::spend).orElseGet(run.store()::spend);
  }

  /** Puts what a call really took in the place of its estimate, whoever has the run now. */
  static void settle(RunContext run, Command.Settle settle) {
    Applied<Spend> applied = run.store().apply(settle);
    if (SUPERSEDED.equals(applied.reason())) {
      Optional<Applied<Spend>> unused = anew(run, store -> store.apply(settle));
    }
  }

  private static <T> Optional<T> anew(RunContext run, Function<RunStore, T> use) {
    Coordination coordination = run.services().coordination();
    if (!coordination.remote()) {
      return Optional.empty(); // the store that the run has is the only one
    }
    return coordination
        .attach(run.terms().run())
        .map(
            store -> {
              try {
                return use.apply(store);
              } finally {
                store.detach();
              }
            });
  }
}
