// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.ReplayDivergedException;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.checkpoint.JournalEntry.Outcome;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.internal.secrets.Cleaner;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What an agent's body learned in the current phase, in order. A body run again is answered from it
 * until it is used up. Confined to the agent's thread; across a suspension the hand-over of the
 * agent's task orders accesses.
 */
final class Journal {
  /** The kind of the entry that says that a call was begun; it answers nothing. */
  static final String BEGUN = "begun";

  /** The kinds of entries that say nothing of the run's state. */
  private static final Set<String> OF_THE_WORLD =
      Set.of(BEGUN, "model", "tool", "step", "now", "random");

  private final AgentId agent;
  private final Consumer<JournalEntry> memory;
  private final Cleaner cleaner;
  private final List<JournalEntry> entries = new ArrayList<>(4);

  /** Calls of this attempt that were begun and may have no entry. */
  private final List<JournalEntry> begun = new ArrayList<>(0);

  private AgentPhase phase = AgentPhase.BOOTSTRAP;
  private int attempt = 1;
  private int ordinal;

  /**
   * @param cleaner takes secrets out of what is recorded
   */
  Journal(AgentId agent, Consumer<JournalEntry> memory, Cleaner cleaner) {
    this.agent = agent;
    this.memory = memory;
    this.cleaner = cleaner;
  }

  /** Begins a phase, or begins it again: then its entries answer the body. */
  void enter(AgentPhase entered) {
    if (phase != entered) {
      phase = entered;
      attempt = 1;
      entries.clear();
      begun.clear();
    }
    ordinal = 0;
  }

  /** Begins a new attempt of the phase: nothing of the failed one is given again. */
  void retry() {
    attempt++;
    ordinal = 0;
    entries.clear();
    begun.clear();
  }

  /** Takes over what an earlier process recorded. */
  void restore(AgentPhase current, List<JournalEntry> recorded) {
    phase = current;
    entries.clear();
    begun.clear();
    attempt = recorded.stream().mapToInt(JournalEntry::attempt).max().orElse(1);
    for (JournalEntry entry : recorded) {
      if (entry.attempt() == attempt) {
        (entry.kind().equals(BEGUN) ? begun : entries).add(entry);
      }
    }
    ordinal = 0;
  }

  /**
   * Remembers that the next call is about to reach the world: if the process dies before it has an
   * entry, its outcome is unknown.
   *
   * @param kind what kind of call it is
   */
  void begin(String kind, Digest request) {
    JournalEntry entry =
        new JournalEntry(
            agent, phase, attempt, ordinal + 1, BEGUN, request, Outcome.OK, Payload.text(kind));
    begun.add(entry);
    memory.accept(entry);
  }

  /** How often the next call was begun before. */
  int begun() {
    int times = 0;
    for (JournalEntry entry : begun) {
      if (entry.ordinal() == ordinal + 1) {
        times++;
      }
    }
    return times;
  }

  /** The id of the call that comes next, the same when the body is run again. */
  String nextId() {
    return id(agent, phase, attempt, ordinal + 1);
  }

  /** Whether an entry says nothing of the run's state, which others may have changed. */
  static boolean tellsOfTheWorld(JournalEntry entry) {
    return OF_THE_WORLD.contains(entry.kind());
  }

  /** The id of the call an entry is about. */
  static String id(JournalEntry entry) {
    return id(entry.agent(), entry.phase(), entry.attempt(), entry.ordinal());
  }

  private static String id(AgentId agent, AgentPhase phase, int attempt, int ordinal) {
    return agent.value() + "/" + phase + "/" + attempt + "." + ordinal;
  }

  /** What sets the traces of a call that is made again apart from those of the first time. */
  static String again(int times) {
    return times == 0 ? "" : "~" + times;
  }

  /** The call that such traces are of. */
  static String first(String id) {
    int mark = id.indexOf('~');
    return mark < 0 ? id : id.substring(0, mark);
  }

  int attempt() {
    return attempt;
  }

  /** What a call does when it is not answered from the journal. */
  interface Work<T> {
    T run() throws GovernanceException;
  }

  /** What a body is told in the place of a failure whose message held a secret. */
  static final class Cleaned extends GovernanceException {
    private static final long serialVersionUID = 1L;

    private final GovernanceException original;
    private final GovernanceException clean;

    Cleaned(GovernanceException original, GovernanceException clean) {
      super("a failure without its secrets");
      this.original = original;
      this.clean = clean;
    }

    GovernanceException original() {
      return original;
    }

    GovernanceException clean() {
      return clean;
    }
  }

  /**
   * Answers a call from the journal, or makes it and records its result or its failure. What holds
   * a secret is recorded without it and given to the body as recorded, so that the body learns the
   * same when it is run again.
   *
   * @param request the digest of what is asked; the same when the body is run again
   * @param write how to record a result
   * @param read how to give a recorded result again
   */
  <T> T call(
      String kind,
      Digest request,
      Function<? super T, Payload> write,
      Function<? super Payload, ? extends T> read,
      Work<? extends T> work) {
    if (ordinal < entries.size()) {
      return read.apply(replay(kind, request));
    }
    T result;
    try {
      result = work.run();
    } catch (GovernanceException e) {
      if (Failures.recordable(e)) {
        Payload told = Failures.write(e);
        Payload clean = cleaner.payload(told);
        record(kind, request, Outcome.FAILED, clean);
        if (!clean.equals(told)) {
          throw new Cleaned(e, Failures.read(clean));
        }
      }
      throw e;
    }
    Payload told = write.apply(result);
    Payload clean = cleaner.payload(told);
    record(kind, request, Outcome.OK, clean);
    return clean.equals(told) ? result : read.apply(clean);
  }

  /** Whether the next call will be answered from the journal. */
  boolean replaying() {
    return ordinal < entries.size();
  }

  private Payload replay(String kind, Digest request) {
    JournalEntry entry = entries.get(ordinal);
    if (!entry.kind().equals(kind) || !entry.request().equals(request)) {
      throw new ReplayDivergedException(
          agent.value(),
          phase.name(),
          ordinal + 1,
          entry.kind() + " " + entry.request().prefix(),
          kind + " " + request.prefix());
    }
    ordinal++;
    if (entry.outcome() == Outcome.FAILED) {
      throw Failures.read(entry.value());
    }
    return entry.value();
  }

  private void record(String kind, Digest request, Outcome outcome, Payload value) {
    ordinal++;
    JournalEntry entry =
        new JournalEntry(agent, phase, attempt, ordinal, kind, request, outcome, value);
    entries.add(entry);
    memory.accept(entry);
  }
}
