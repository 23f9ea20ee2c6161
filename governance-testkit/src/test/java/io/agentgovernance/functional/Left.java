// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.LedgerDraft;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a process that died has left of a run. Immutable.
 *
 * @param deltas what was in the checkpoint store
 * @param entries what was in the ledger
 */
record Left(RunId run, List<Delta> deltas, List<LedgerDraft> entries) {
  Left {
    deltas = List.copyOf(deltas);
    entries = List.copyOf(entries);
  }

  /** What is left in a store, as a process that dies now leaves it. */
  static Left of(CheckpointStore store, RunId run) {
    return new Left(run, store.read(run, 0, Integer.MAX_VALUE), List.of());
  }

  /** The first deltas only. */
  Left first(int count) {
    return new Left(run, deltas.subList(0, count), entries);
  }

  /** Without some deltas; a change leaves a note without meaning in its place. */
  Left without(Predicate<Delta> unwanted) {
    List<Delta> kept = new ArrayList<>();
    for (Delta delta : deltas) {
      if (!unwanted.test(delta)) {
        kept.add(delta);
      } else if (delta instanceof Delta.Changed changed) {
        var nothing = new Command.Note(null, "removed", Payload.empty());
        kept.add(new Delta.Changed(changed.sequence(), changed.at(), nothing));
      }
    }
    return new Left(run, kept, entries);
  }

  /** Everything before the first delta of a kind; fails if there is none. */
  Left before(Predicate<Delta> kind) {
    return first(index(kind));
  }

  /** Everything up to the first delta of a kind; fails if there is none. */
  Left upTo(Predicate<Delta> kind) {
    return first(index(kind) + 1);
  }

  private int index(Predicate<Delta> kind) {
    for (int i = 0; i < deltas.size(); i++) {
      if (kind.test(deltas.get(i))) {
        return i;
      }
    }
    throw new AssertionError("no such delta among " + deltas);
  }

  /** A store in which nobody is at the run any more. */
  CheckpointStore store() {
    CheckpointStore store = Backends.checkpoints();
    put(store);
    return store;
  }

  /** Puts it into a store, as a process that died has. */
  void put(CheckpointStore store) {
    long epoch = store.claim(run, 0).orElseThrow();
    store.append(run, epoch, deltas);
    store.release(run, epoch);
  }

  /** A ledger as it was. */
  KeptLedger ledger() {
    KeptLedger ledger = new KeptLedger();
    entries.forEach(entry -> ledger.append(entry).join());
    return ledger;
  }

  /** What an agent's bodies learned, the beginnings of calls aside. */
  Stream<JournalEntry> learned() {
    return journal().filter(entry -> !entry.kind().equals("begun"));
  }

  private Stream<JournalEntry> journal() {
    return deltas.stream()
        .filter(Delta.Journaled.class::isInstance)
        .map(delta -> ((Delta.Journaled) delta).entry());
  }

  /** Whether a body learned something of a kind. */
  boolean knows(String kind) {
    return learned().anyMatch(entry -> entry.kind().equals(kind));
  }

  /** The calls of models and tools that came back. */
  Set<String> finished() {
    Set<String> finished = new TreeSet<>();
    learned()
        .filter(entry -> entry.kind().equals("model") || entry.kind().equals("tool"))
        .forEach(entry -> finished.add(id(entry)));
    return finished;
  }

  /** The calls of models and tools that were begun and have not come back. */
  Set<String> inFlight() {
    Set<String> begun = new TreeSet<>();
    journal().filter(entry -> entry.kind().equals("begun")).forEach(entry -> begun.add(id(entry)));
    begun.removeAll(finished());
    return begun;
  }

  private static String id(JournalEntry entry) {
    return entry.agent() + "/" + entry.phase() + "/" + entry.attempt() + "." + entry.ordinal();
  }

  /** The commands, in order. */
  Stream<Command<?>> commands() {
    return commands(deltas);
  }

  static Stream<Command<?>> commands(List<Delta> deltas) {
    return deltas.stream()
        .filter(Delta.Changed.class::isInstance)
        .map(delta -> ((Delta.Changed) delta).command());
  }

  /** The commands of a type, in order. */
  <C extends Command<?>> List<C> commands(Class<C> type) {
    return commands().filter(type::isInstance).<C>map(type::cast).toList();
  }

  /** The values on the blackboard, by key. */
  Map<String, String> blackboard() {
    Map<String, String> values = new LinkedHashMap<>();
    for (Command.Write write : commands(Command.Write.class)) {
      values.put(write.key(), write.value().json());
    }
    return values;
  }

  /** The tokens of calls that were begun and never settled. */
  long tokensInFlight() {
    Map<String, Long> open = new LinkedHashMap<>();
    Set<String> inFlight = inFlight();
    for (Command<?> command : new ArrayList<>(commands().toList())) {
      if (command instanceof Command.Reserve c) {
        open.put(c.reservationId(), c.tokens());
      } else if (command instanceof Command.Settle c) {
        open.remove(c.reservationId());
      } else if (command instanceof Command.Release c) {
        open.remove(c.reservationId());
      }
    }
    return open.entrySet().stream()
        .filter(e -> inFlight.stream().anyMatch(call -> e.getKey().startsWith(call + "/")))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(deltas.size()).append(" deltas, ").append(entries.size()).append(" entries, last ");
    List<Delta> last = deltas.subList(Math.max(0, deltas.size() - 8), deltas.size());
    return text.append(last).toString();
  }
}
