// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.health;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.CoordinationUnavailableException.Outcome;
import java.util.function.Supplier;

/**
 * Gives a command to a store outside this JVM again that was not answered, as the same command: a
 * store that is silent for a moment ends no run. Thread safe.
 *
 * <p>Not what would count twice, unless it is known that it was not sent; and not on a thread that
 * was interrupted, whose work is to end.
 */
final class Patience {
  static final int ATTEMPTS = 5;

  private Patience() {}

  static <T> T apply(Command<?> command, Supplier<T> call) {
    for (int made = 1; ; made++) {
      try {
        return call.get();
      } catch (CoordinationUnavailableException e) {
        boolean harmless = e.outcome() == Outcome.NONE || !countsTwice(command);
        if (made >= ATTEMPTS || !harmless || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  /** Whether the rules do not know the same command again. */
  private static boolean countsTwice(Command<?> command) {
    return command instanceof Command.Note
        || command instanceof Command.Heartbeat
        || command instanceof Command.Progress
        || command instanceof Command.UseApproval;
  }
}
