// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.model.Exchange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** All that is scripted, and what of it applies to a call. Thread safe. */
final class ScriptBook {
  /** Stands for every turn that has no script of its own. */
  static final int ALWAYS = 0;

  /**
   * To whom lines apply.
   *
   * @param role null for every role
   * @param phase null for every phase
   */
  record Part(@Nullable AgentRole role, @Nullable AgentPhase phase) {
    @Override
    public String toString() {
      return (role == null ? "every role" : role.name()) + (phase == null ? "" : " in " + phase);
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Part, TreeMap<Integer, Turn>> lines = new LinkedHashMap<>();

  /** Changes what is scripted, atomically. */
  void write(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /** Begins a turn, in place of what was scripted for it; call it within {@link #write}. */
  Turn begin(Part part, int turn) {
    var made = new Turn();
    lines.computeIfAbsent(part, absent -> new TreeMap<>()).put(turn, made);
    return made;
  }

  /** What applies: the turn before every turn, and there the phase before every phase. */
  Optional<Turn.Attempt> find(Exchange exchange) {
    lock.lock();
    try {
      var inPhase = new Part(exchange.role(), exchange.phase());
      var anyPhase = new Part(exchange.role(), null);
      Turn found = turn(inPhase, exchange.turn());
      found = found == null ? turn(anyPhase, exchange.turn()) : found;
      found = found == null ? turn(inPhase, ALWAYS) : found;
      found = found == null ? turn(anyPhase, ALWAYS) : found;
      found = found == null ? turn(new Part(null, null), ALWAYS) : found;
      return Optional.ofNullable(found).map(turn -> turn.next(exchange));
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Turn turn(Part part, int turn) {
    TreeMap<Integer, Turn> turns = lines.get(part);
    return turns == null ? null : turns.get(turn);
  }

  /** Lists what is scripted, for messages. */
  String contents() {
    lock.lock();
    try {
      var listed = new StringJoiner("; ");
      lines.forEach(
          (part, turns) -> {
            var numbers = new StringJoiner(", ");
            turns.keySet().forEach(turn -> numbers.add(turn == ALWAYS ? "any" : turn.toString()));
            listed.add(part + " turn " + numbers);
          });
      return lines.isEmpty() ? "nothing" : listed.toString();
    } finally {
      lock.unlock();
    }
  }
}
