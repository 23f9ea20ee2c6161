// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command that took effect: the unit in which the state of a run is announced and remembered.
 *
 * @param sequence 1 for the first change of the run, without gaps
 * @param at when it was applied, by the store's clock
 * @param command the command
 * @param result its result
 * @param effects what else it changed, in order
 */
public record Change(
    long sequence, Instant at, Command<?> command, @Nullable Object result, List<Effect> effects) {
  public Change {
    requireNonNull(at, "at");
    requireNonNull(command, "command");
    effects = List.copyOf(effects);
  }
}
