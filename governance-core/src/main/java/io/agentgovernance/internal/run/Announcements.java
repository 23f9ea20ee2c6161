// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.internal.memory.SerialDelivery;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What a run is told of its surroundings, such as the health of a store. Thread safe.
 *
 * <p>Notes of one type are told one after the other, in the order they were added, though each may
 * wait for the store. Those of another type do not wait for them: with a store in this JVM, what an
 * agent's call did to a circuit is in the run before that agent goes on.
 */
final class Announcements {
  private final Map<String, SerialDelivery<Command.Note>> byType = new ConcurrentHashMap<>(2);
  private final Consumer<Runnable> apart;
  private final Consumer<Command.Note> tell;

  /**
   * @param apart does what may wait for the store
   * @param tell tells the run; throws nothing
   */
  Announcements(Consumer<Runnable> apart, Consumer<Command.Note> tell) {
    this.apart = apart;
    this.tell = tell;
  }

  void add(Command.Note note) {
    SerialDelivery<Command.Note> notes =
        byType.computeIfAbsent(note.type(), type -> new SerialDelivery<>(tell));
    notes.offer(note);
    apart.accept(notes::drain);
  }
}
