// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineConstants;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One agent of one run: drives it through its phases on its own thread.
 *
 * <p>{@link #drive} and everything a body calls are confined to the agent's thread; {@link #wake},
 * {@link #control} and the flags may be used by any. An agent that waits for a person leaves its
 * thread and is run again later, on another; the hand-over of tasks orders the two.
 */
final class AgentRunner {
  private static final Log log = Log.of(AgentRunner.class);
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final RunContext run;
  private final Agent definition;
  private final AgentId id;

  /** Null while the agent is run by another process, or by none. */
  private volatile @Nullable Held lease;

  private final List<Runnable> whenEndedAway = new CopyOnWriteArrayList<>();
  private final @Nullable MediationReason mediation;
  private final AgentControl control;
  private final Journal journal;
  private final ErrorDesk errors;
  private final TimeSource.Waiter waiter;
  private final Map<AgentPhase, Payload> outputs = new EnumMap<>(AgentPhase.class);
  private final ReentrantLock noticesLock = new ReentrantLock();
  private final List<String> notices = new ArrayList<>(0);
  private final Duration share;
  private final MediationLimits limits = new MediationLimits();
  private AgentPhase phase = AgentPhase.BOOTSTRAP;
  private @Nullable Thread thread;

  /** The last change it made; of the agent's thread. */
  private long lastChange;

  private volatile @Nullable String reservation;
  private volatile boolean suspended;
  private volatile boolean waiting;
  private volatile boolean ended;

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
    this.lease = lease;
    this.mediation = mediation;
    this.share = share;
    this.control = new AgentControl(id, run.services().control());
    this.journal =
        new Journal(
            id, entry -> run.memory().journaled(entry, lastChange), run.services().cleaner());
    this.errors = new ErrorDesk(this);
    this.waiter = run.services().time().waiter();
  }

  /**
   * Takes over what an earlier process remembered of the agent, before it is given a thread.
   *
   * @param entries its journal
   */
  void goOnFrom(AgentState state, List<JournalEntry> entries) {
    for (AgentOutput output : state.outputs()) {
      outputs.put(output.phase(), output.content());
    }
    limits.goOnFrom(entries);
    if (state.phase() != null) {
      AgentPhase current = state.phase();
      phase = current;
      journal.restore(current, entries.stream().filter(e -> e.phase() == current).toList());
    }
    if (Mailbox.active(state)) {
      suspended = true;
    } else {
      ended = true;
    }
  }

  /** It was away and is run here from now on, where its last process stopped. */
  void takeBack(Held own, AgentState state, List<JournalEntry> entries) {
    lease = own;
    goOnFrom(state, entries);
  }

  /** Keeps it without a thread until it is given one. */
  void park() {
    suspended = true;
  }

  /** Walks through the phases that are left, on the calling thread. */
  void drive() {
    thread = Thread.currentThread();
    suspended = false;
    try {
      walk();
    } catch (AgentStoppedException e) {
      log.debug("agent {} stopped: {}", id, e.reason());
      endCancelled();
    } catch (GovernanceException e) {
      if (control.cancelled()) {
        endCancelled();
      } else {
        log.warn("agent {}: the run cannot go on", id, e);
        run.signals().failed(Failures.code(e), String.valueOf(e.getMessage()));
      }
    } catch (RuntimeException e) {
      log.error("agent {}: unexpected failure of the runtime", id, e);
      run.signals().failed("RUNTIME", e.getClass().getName() + ": " + e.getMessage());
    } finally {
      thread = null;
      ended = !suspended;
    }
  }

  private void walk() {
    for (AgentPhase next : PipelineConstants.AGENT_PHASES_ORDERED) {
      if (outputs.containsKey(next)) {
        continue;
      }
      if (!through(next)) {
        return;
      }
    }
    apply(new Command.SetAgentStatus(id, fence(), AgentStatus.COMPLETED, ""));
    remember();
  }

  /** Goes through one phase; false if the agent does not go on. */
  private boolean through(AgentPhase next) {
    phase = next;
    journal.enter(next);
    apply(new Command.EnterPhase(id, fence(), next));
    while (true) {
      Payload content;
      try {
        content = content(next);
      } catch (Suspended e) {
        return suspend();
      } catch (Throwable e) {
        if (suspended) {
          return suspend();
        }
        if (!survives(e, next)) {
          return false;
        }
        journal.retry();
        continue;
      }
      if (suspended) {
        return suspend(); // the body swallowed the suspension
      }
      control.check();
      finish(next, content);
      return true;
    }
  }

  private Payload content(AgentPhase next) throws Exception {
    Optional<AgentBody<?>> body = definition.body(next);
    if (body.isEmpty()) {
      return PhaseDefaults.content(this, next);
    }
    GovernedContext context = new GovernedContext(this);
    Object output;
    try {
      output = body.get().run(context);
    } finally {
      context.close();
    }
    return output == null
        ? Payload.empty()
        : output instanceof Payload payload ? payload : Payload.of(output);
  }

  private void finish(AgentPhase finished, Payload content) {
    outputs.put(finished, content);
    apply(
        new Command.FinishPhase(
            id, fence(), AgentOutput.of(run.terms().run(), id, finished, content, run.now())));
    if (definition.body(finished).isPresent()) {
      remember(); // what the library does in a phase it does again the same: it can wait
    }
  }

  /** Deals with what escaped a body: true if the phase is tried again. */
  private boolean survives(Throwable error, AgentPhase failed) {
    if (error instanceof VirtualMachineError fatal && !(error instanceof StackOverflowError)) {
      run.signals().failed("RUNTIME", fatal.getClass().getName());
      throw fatal;
    }
    control.check();
    if (error instanceof AgentStoppedException stopped) {
      throw stopped;
    }
    Thread.interrupted();
    GovernanceException governed = Failures.governed(error);
    if (governed != null && Failures.infrastructure(governed)) {
      throw governed; // no fault of the agent
    }
    errors.escaped(error, failed);
    if (governed != null && governed.retryable() && !ErrorDesk.uncounted(error)) {
      log.debug("agent {}: phase {} is tried again", id, failed, error);
      return true;
    }
    log.debug("agent {}: failed in phase {}", id, failed, error);
    apply(new Command.SetAgentStatus(id, fence(), AgentStatus.FAILED, describe(error)));
    remember();
    return false;
  }

  private static String describe(Throwable error) {
    String message = error instanceof GovernanceException ? error.getMessage() : null;
    return message == null ? error.getClass().getName() : message;
  }

  private boolean suspend() {
    suspended = true;
    apply(new Command.SetAgentStatus(id, fence(), AgentStatus.WAITING, ""));
    remember();
    return false;
  }

  /** A cancelled mediator has ended by itself; the status of others is set with the run's. */
  private void endCancelled() {
    AgentStoppedException.Cause cause = control.cause();
    if (cause == AgentStoppedException.Cause.MEDIATION_LIMIT) {
      run.store()
          .apply(new Command.SetAgentStatus(id, fence(), AgentStatus.TIMED_OUT, "MEDIATION_LIMIT"));
    } else if (cause == AgentStoppedException.Cause.LEASE_LOST) {
      run.signals().leaseLost(this);
    }
  }

  // ---- for the governed calls, on the agent's thread

  <R> Applied<R> apply(Command<R> command) {
    Held own = lease;
    if (own == null || own.over()) {
      throw RunContext.stopped(id, control, AgentStoppedException.Cause.LEASE_LOST);
    }
    Applied<R> applied = run.apply(id, control, command);
    lastChange = Math.max(lastChange, applied.sequence());
    return applied;
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
    if (Thread.currentThread() != thread) {
      throw new IllegalStateException(
          "agent '"
              + id
              + "': its context was used on thread '"
              + Thread.currentThread().getName()
              + "'; only the agent's own thread may. Collect results there and act here.");
    }
    if (suspended) {
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
    suspended = true;
    return new Suspended();
  }

  /** Answers a call from the journal, or makes and records it; {@link ActionGate} comes first. */
  <T> T recorded(
      String kind,
      Digest request,
      Function<? super T, Payload> write,
      Function<? super Payload, ? extends T> read,
      Journal.Work<? extends T> work) {
    boolean replaying = journal.replaying();
    try {
      return journal.call(kind, request, write, read, work);
    } catch (Journal.Cleaned e) {
      if (errors.settled(e.original())) {
        errors.remember(e.clean());
      }
      throw e.clean();
    } catch (GovernanceException e) {
      if (replaying) {
        errors.remember(e);
      }
      throw e;
    }
  }

  /**
   * Waits until {@code probe} gives something, at most for a time; empty when it has passed. Any
   * change that may matter wakes it. The time is active time: it stands still while the run waits
   * for a person.
   */
  <T> Optional<T> await(Duration atMost, Supplier<Optional<T>> probe) {
    Duration limit = run.active().used().plus(clamp(atMost));
    while (true) {
      control.check();
      waiting = true; // before the probe: a change after it leaves a permit
      Optional<T> found = probe.get();
      Duration left = limit.minus(run.active().used());
      if (found.isPresent() || left.isZero() || left.isNegative()) {
        waiting = false;
        return found;
      }
      run.signals().waiting(this);
      try {
        waiter.await(run.active().running() ? left : LONGEST_WAIT); // woken when it runs again
      } catch (InterruptedException e) {
        control.check();
        Thread.currentThread().interrupt();
        throw new GovernanceException(
            "agent '" + id + "' was interrupted while it waited, and not by this library", e);
      } finally {
        waiting = false;
      }
    }
  }

  private static Duration clamp(Duration atMost) {
    return atMost.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : atMost;
  }

  /** Names the reservation of the model call in flight; null when there is none. */
  void reserved(@Nullable String id) {
    reservation = id;
  }

  String nextId() {
    return journal.nextId();
  }

  ErrorDesk errors() {
    return errors;
  }

  Optional<Payload> output(AgentPhase of) {
    return Optional.ofNullable(outputs.get(of));
  }

  /** What it did of what a mediator may; unused by others. */
  MediationLimits limits() {
    return limits;
  }

  AgentPhase phase() {
    return phase;
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
    Held own = lease;
    return own == null ? 0 : own.token();
  }

  /** Has a short task run when the lease is lost. */
  void onLeaseLost(Runnable lost) {
    Held own = lease;
    if (own != null) {
      own.watch(lost);
    }
  }

  /** Whether it is run by another process, or by none. */
  boolean away() {
    return lease == null;
  }

  /** It waits for a person, in another process. */
  void restAway() {
    suspended = true;
  }

  /** It goes on, in another process. */
  void goOnAway() {
    suspended = false;
  }

  /** It has ended, in another process. */
  void endAway() {
    suspended = false;
    ended = true;
    whenEndedAway.forEach(Runnable::run);
  }

  /** Has a short task run when it has ended in another process. */
  void onEndAway(Runnable listener) {
    whenEndedAway.add(listener);
  }

  /** The run is over: the lease is not renewed any more. */
  void letLeaseRunOut() {
    Held own = lease;
    if (own != null) {
      own.letRunOut();
    }
  }

  /** The run is left: whoever takes it up need not wait for the lease. */
  void giveLeaseBack() {
    Held own = lease;
    if (own != null) {
      own.giveBack();
    }
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
    return suspended;
  }

  boolean waiting() {
    return waiting;
  }

  /** The reservation of the model call in flight, if there is one. */
  @Nullable String reservation() {
    return reservation;
  }

  /** Whether its task is over for good. */
  boolean ended() {
    return ended;
  }

  /** Its thread ignores that it was ended: nobody waits for it any more. */
  void giveUp() {
    endCancelled();
    ended = true;
  }

  /** It got no thread and never will. */
  void neverRan() {
    ended = true;
  }

  void wake() {
    if (waiting) {
      waiter.signal();
    }
  }

  void notice(String text) {
    noticesLock.lock();
    try {
      if (notices.size() < 1_000) {
        notices.add(text);
      }
    } finally {
      noticesLock.unlock();
    }
  }

  List<String> notices() {
    noticesLock.lock();
    try {
      return List.copyOf(notices);
    } finally {
      noticesLock.unlock();
    }
  }
}
