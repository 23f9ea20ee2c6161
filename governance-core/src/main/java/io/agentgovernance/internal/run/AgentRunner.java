// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One agent of one run: who it is, its lease, and the thread it is driven on. Its way through the
 * phases is a {@link PhaseWalk}, its waits an {@link AgentWait}.
 *
 * <p>{@link #drive} and everything a body calls are confined to the agent's thread; {@link #wake},
 * {@link #control} and the flags may be used by any. An agent that waits for a person leaves its
 * thread and is run again later, on another; the hand-over of tasks orders the two.
 */
final class AgentRunner {
  private final RunContext run;
  private final Agent definition;
  private final AgentId id;

  private final AgentLease lease;
  private final @Nullable MediationReason mediation;
  private final AgentControl control;
  private final Journal journal;
  private final ErrorDesk errors;
  private final PhaseWalk walk;
  private final AgentWait wait;
  private final Standing standing = new Standing();
  private final Notices notices = new Notices();
  private final Duration share;
  private final MediationLimits limits = new MediationLimits();

  /** The last change it made or may have seen; of the agent's thread. */
  private long lastChange;

  private volatile @Nullable String reservation;

  /**
   * @param mediation why it was spawned, if it is a mediator
   * @param share the time a mediator may take; ignored for others
   */
  AgentRunner(
      RunContext run,
      Agent definition,
      AgentId id,
      @Nullable Held lease,
      @Nullable MediationReason mediation,
      Duration share) {
    this.run = run;
    this.definition = definition;
    this.id = id;
    this.lease = new AgentLease(lease);
    this.mediation = mediation;
    this.share = share;
    this.control = new AgentControl(id, run.services().control());
    this.journal = new Journal(id, this::journaled, run.services().cleaner());
    this.errors = new ErrorDesk(this);
    this.walk = new PhaseWalk(this);
    this.wait = new AgentWait(this);
  }

  /**
   * Takes over what an earlier process remembered of the agent, before it is given a thread.
   *
   * @param entries its journal
   */
  void goOnFrom(AgentState state, List<JournalEntry> entries) {
    walk.goOnFrom(state);
    limits.goOnFrom(entries);
    AgentPhase current = state.phase();
    if (current != null) {
      journal.restore(current, entries.stream().filter(e -> e.phase() == current).toList());
    }
    if (Mailbox.active(state)) {
      standing.rest();
    } else {
      standing.end();
    }
  }

  /** It was away and is run here from now on, where its last process stopped. */
  void takeBack(Held own, AgentState state, List<JournalEntry> entries) {
    lease.take(own);
    goOnFrom(state, entries);
  }

  /** Walks through the phases that are left, on the calling thread. */
  void drive() {
    standing.takeThread();
    try {
      walk.drive();
    } finally {
      standing.leaveThread();
    }
  }

  // ---- for the governed calls, on the agent's thread

  <R> Applied<R> apply(Command<R> command) {
    if (lease.over()) {
      throw RunContext.stopped(id, control, AgentStoppedException.Cause.LEASE_LOST);
    }
    Applied<R> applied = run.apply(id, control, command);
    lastChange = Math.max(lastChange, applied.sequence());
    return applied;
  }

  /** What it was told of the run is not remembered before the changes it was told of. */
  private void journaled(JournalEntry entry) {
    if (!Journal.tellsOfTheWorld(entry)) {
      lastChange = Math.max(lastChange, run.store().sequence());
    }
    run.memory().journaled(entry, lastChange);
  }

  /** Writes what the agent did and learned to the checkpoint store. Blocks for its timeout. */
  void remember() {
    run.memory().flush(lastChange);
  }

  /**
   * Begins to write what the agent did and learned to the checkpoint store.
   *
   * @param known run when it is known what became of it, perhaps on the store's thread
   */
  RunMemory.Flush beginToRemember(Runnable known) {
    return run.memory().begin(lastChange, known);
  }

  /** Remembers that the next call is about to reach the world. */
  void begin(String kind, Digest request) {
    journal.begin(kind, request);
  }

  /** How often the next call was begun before, by processes that died in it. */
  int begun() {
    return journal.begun();
  }

  /** Refuses callers that are not the agent's own thread, and agents that may not act. */
  void onOwnThread() {
    standing.requireOwnThread(id);
    if (standing.suspended()) {
      throw new Suspended();
    }
    control.check();
  }

  /**
   * Throws if the agent may not act any more, or the run's time is over: a call that had no longer
   * than the run fails with it, perhaps a moment before the run is told, and is no error.
   */
  void checkTime() {
    control.check();
    if (run.active().remaining().isZero()) {
      throw RunContext.stopped(id, control, AgentStoppedException.Cause.DEADLINE);
    }
  }

  /** Unwinds the body until a person has decided. */
  Suspended leaveThread() {
    standing.rest();
    return new Suspended();
  }

  /** Waits on its thread; see {@link AgentWait#await}. */
  <T> Optional<T> await(Duration atMost, Supplier<Optional<T>> probe) {
    return wait.await(atMost, probe);
  }

  /** Names the reservation of the model call in flight; null when there is none. */
  void reserved(@Nullable String id) {
    reservation = id;
  }

  Journal journal() {
    return journal;
  }

  String nextId() {
    return journal.nextId();
  }

  ErrorDesk errors() {
    return errors;
  }

  Optional<Payload> output(AgentPhase of) {
    return walk.output(of);
  }

  /** What it did of what a mediator may; unused by others. */
  MediationLimits limits() {
    return limits;
  }

  AgentPhase phase() {
    return walk.phase();
  }

  // ---- for any thread

  RunContext run() {
    return run;
  }

  Agent definition() {
    return definition;
  }

  AgentId id() {
    return id;
  }

  long fence() {
    return lease.fence();
  }

  /** Whether it is run by another process, or by none. */
  boolean away() {
    return lease.away();
  }

  AgentLease lease() {
    return lease;
  }

  /** Whether it has its thread, rests, or is over. */
  Standing standing() {
    return standing;
  }

  @Nullable MediationReason mediation() {
    return mediation;
  }

  Duration share() {
    return share;
  }

  AgentControl control() {
    return control;
  }

  boolean suspended() {
    return standing.suspended();
  }

  boolean waiting() {
    return wait.waiting();
  }

  /** The reservation of the model call in flight, if there is one. */
  @Nullable String reservation() {
    return reservation;
  }

  /** Whether its task is over for good. */
  boolean ended() {
    return standing.ended();
  }

  /** Its thread ignores that it was ended: nobody waits for it any more. */
  void giveUp() {
    walk.endCancelled();
    standing.end();
  }

  void wake() {
    wait.wake();
  }

  void notice(String text) {
    notices.add(text);
  }

  /** Tells it what a mediator's message says, once. */
  void directive(long sequence, String text) {
    notices.addOnce(sequence, text);
  }

  /** What it was told of its budget and its plan. */
  List<String> notices() {
    return notices.all();
  }
}
