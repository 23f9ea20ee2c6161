// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.internal.memory.SerialDelivery;
import java.util.function.Consumer;

/**
 * What a run is told of its surroundings, such as the health of a store: one after the other, in
 * the order it was added, though each may wait for the store. Thread safe.
 */
final class Announcements {
  private final SerialDelivery<Command.Note> notes;
  private final Consumer<Runnable> apart;

  /**
   * @param apart does what may wait for the store
   * @param tell tells the run; throws nothing
   */
  Announcements(Consumer<Runnable> apart, Consumer<Command.Note> tell) {
    this.notes = new SerialDelivery<>(tell);
    this.apart = apart;
  }

  void add(Command.Note note) {
    notes.offer(note);
    apart.accept(notes::drain);
  }
}
