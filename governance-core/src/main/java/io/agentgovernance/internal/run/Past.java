// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.CheckpointUnreadableException;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.internal.memory.Replay;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Denial;
import io.agentgovernance.spi.CheckpointStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of a run. Not changed any more once it was read.
 *
 * <p>Several processes may have taken part and each remembered the changes it saw: a change that is
 * remembered again counts once, and one that is remembered before an earlier one waits for that.
 */
final class Past {
  private static final int PAGE = 1_000;

  private final RunTerms terms;
  private final Replay replay;
  private final List<Change> changes = new ArrayList<>();

  /** Changes of which an earlier one was not read yet, by their sequence. */
  private final NavigableMap<Long, Delta.Changed> early = new TreeMap<>();

  private final Map<AgentId, List<JournalEntry>> journal = new LinkedHashMap<>();
  private final Map<String, Command.Reserve> reserved = new LinkedHashMap<>();
  private final Map<String, Command.OfAgent<?>> closed = new LinkedHashMap<>();
  private Duration active = Duration.ZERO;
  private @Nullable Checkpoint latest;
  private Command.@Nullable Stop stop;
  private Command.@Nullable SetStatus end;

  private Past(RunTerms terms) {
    this.terms = terms;
    this.replay = new Replay(terms);
  }

  /**
   * Reads all of it; empty if nothing is there. Blocks for the store's timeout for each page.
   *
   * @throws CheckpointUnreadableException if it does not fit together
   */
  static Optional<Past> read(CheckpointStore store, RunId run) {
    Past past = null;
    long read = 0;
    List<Delta> page;
    do {
      page = store.read(run, read, PAGE);
      for (Delta delta : page) {
        if (past == null) {
          past = begin(run, delta);
        } else {
          past.add(delta);
        }
      }
      read += page.size();
    } while (page.size() == PAGE);
    if (past != null && !past.early.isEmpty()) {
      throw past.gap();
    }
    return Optional.ofNullable(past);
  }

  private static Past begin(RunId run, Delta first) {
    if (first instanceof Delta.Opened opened) {
      return new Past(opened.terms());
    }
    throw new CheckpointUnreadableException(
        "run '" + run + "', first delta",
        first.getClass().getSimpleName(),
        "what the run was started with",
        "The checkpoints are damaged; restore them from a backup.");
  }

  private void add(Delta delta) {
    if (delta instanceof Delta.Changed changed) {
      takeIn(changed);
    } else if (delta instanceof Delta.Journaled journaled) {
      JournalEntry entry = journaled.entry();
      journal.computeIfAbsent(entry.agent(), agent -> new ArrayList<>()).add(entry);
    } else if (delta instanceof Delta.Marked marked) {
      latest = marked.checkpoint();
    } else if (delta instanceof Delta.Elapsed elapsed) {
      active = elapsed.active();
    }
  }

  private void takeIn(Delta.Changed changed) {
    long last = lastSequence();
    if (changed.sequence() <= last) {
      requireTheSame(changed);
    } else if (changed.sequence() > last + 1) {
      early.putIfAbsent(changed.sequence(), changed);
    } else {
      for (Delta.Changed next = changed; next != null; next = early.remove(lastSequence() + 1)) {
        Change change = replay.next(next);
        changes.add(change);
        look(change.command());
      }
    }
  }

  private void requireTheSame(Delta.Changed again) {
    long first = changes.isEmpty() ? again.sequence() : changes.get(0).sequence();
    if (again.sequence() < first) {
      return;
    }
    Change known = changes.get((int) (again.sequence() - first));
    if (!known.command().equals(again.command())) {
      throw new CheckpointUnreadableException(
          "run '" + terms.run() + "', change " + again.sequence(),
          again.command().getClass().getSimpleName() + " where it had another command before",
          "the same command each time it is remembered",
          "Two histories are mixed; restore the checkpoints from a backup.");
    }
  }

  private CheckpointUnreadableException gap() {
    return new CheckpointUnreadableException(
        "run '" + terms.run() + "', change " + (lastSequence() + 1),
        "change " + early.firstKey() + " after change " + lastSequence(),
        "every change",
        "The checkpoints are damaged; restore them from a backup.");
  }

  private void look(Command<?> command) {
    if (command instanceof Command.Reserve c) {
      reserved.put(c.reservationId(), c);
    } else if (command instanceof Command.Settle c) {
      close(c.reservationId(), c);
    } else if (command instanceof Command.Estimate c) {
      close(c.reservationId(), c);
    } else if (command instanceof Command.Release c) {
      close(c.reservationId(), c);
    } else if (command instanceof Command.Stop c) {
      stop = c;
    } else if (command instanceof Command.SetStatus c && c.status().isTerminal()) {
      end = c;
    }
  }

  private void close(String reservation, Command.OfAgent<?> how) {
    reserved.remove(reservation);
    closed.put(reservation, how);
  }

  RunTerms terms() {
    return terms;
  }

  /** Every change, in order. */
  List<Change> changes() {
    return changes;
  }

  /** The sequence of the last change, 0 if there is none. */
  long lastSequence() {
    return changes.isEmpty() ? 0 : changes.get(changes.size() - 1).sequence();
  }

  /** What an agent's bodies learned, in order. */
  List<JournalEntry> journal(AgentId agent) {
    return journal.getOrDefault(agent, List.of());
  }

  /** Reservations of calls of which nobody knows what they took. */
  List<Command.Reserve> openReservations() {
    return List.copyOf(reserved.values());
  }

  /** What closed the other reservations, by their ids. */
  Map<String, Command.OfAgent<?>> closedReservations() {
    return closed;
  }

  /** The active time it used. */
  Duration active() {
    return active;
  }

  @Nullable Checkpoint latest() {
    return latest;
  }

  /** The command that set its final status, if it ended. */
  Command.@Nullable SetStatus end() {
    return end;
  }

  /** How the run was about to end, if somebody or something had stopped it. */
  @Nullable Outcome announcedEnd() {
    Command.Stop stopped = stop;
    if (stopped == null) {
      return null;
    }
    if (!stopped.by().equals(Ending.LIBRARY)) {
      return new Outcome.Stopped(stopped.by(), stopped.reason());
    }
    return stopped.reason().equals(Ending.DEADLINE)
        ? new Outcome.TimedOut(terms.timeout())
        : new Outcome.Failed(
            "INTERRUPTED_END", "the process died while the run ended with " + stopped.reason());
  }

  /** What was denied. */
  List<Denial> denials() {
    List<Denial> denials = new ArrayList<>();
    for (Change change : changes) {
      if (change.command() instanceof Command.Note note
          && note.type().equals(EventTypes.ACTION_DENIED)
          && note.agent() != null) {
        denials.add(denial(note.agent(), note.data(), change.at()));
      }
    }
    return denials;
  }

  /** What a note of a denial says. */
  static Denial denial(AgentId agent, Payload data, Instant at) {
    return new Denial(
        agent,
        text(data, "/action"),
        text(data, "/policy"),
        text(data, "/rule"),
        text(data, "/reason"),
        at);
  }

  static String text(Payload data, String pointer) {
    return data.at(pointer).map(Payload::text).orElse("");
  }
}
