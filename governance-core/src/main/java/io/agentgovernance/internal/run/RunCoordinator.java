// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.internal.concurrent.AgentTask;
import io.agentgovernance.internal.memory.SerialDelivery;
import io.agentgovernance.internal.run.Ending.Kind;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what happens to one run: who is spawned, when it is mediated, when and how it ends.
 *
 * <p>Every decision runs as a task of {@link #post}: one at a time, in order, on whichever thread
 * posts. All fields without a note are confined to those tasks. Nothing in them waits.
 */
final class RunCoordinator implements RunContext.Signals {
  private static final Logger log = LoggerFactory.getLogger(RunCoordinator.class);

  private final SerialDelivery<Runnable> tasks = new SerialDelivery<>(this::perform);
  private final RunContext run;
  private final double complexity;
  private final Team team;
  private final Lease lease;
  private final Consumer<RunCoordinator> whenOver;
  private final Resting resting;
  private final Seats seats;
  private final Succession succession;
  private final MediationDesk mediations;
  private final ApprovalDesk approvals;

  /** Written by tasks; read by {@link #stop} and by followers of the store, from any thread. */
  private volatile List<AgentRunner> agents = List.of();

  private volatile AutoCloseable following = () -> {};

  /**
   * Why the run is ended from outside, set before anybody is told: agents that end because of it
   * must not be taken for the reason.
   */
  private final AtomicReference<@Nullable Ending> announced = new AtomicReference<>();

  private @Nullable Ending ending;
  private boolean concluding;
  private boolean over;
  private boolean published;

  /** What the final status was set with, once it was. */
  private @Nullable Payload results;

  RunCoordinator(RunParts parts, Team team, Lease lease, Consumer<RunCoordinator> whenOver) {
    this.run = parts.context(this);
    this.complexity = parts.complexity();
    this.team = team;
    this.lease = lease;
    this.whenOver = whenOver;
    this.resting = new Resting();
    this.seats = new Seats(this);
    this.succession = new Succession(this);
    this.mediations = new MediationDesk(this);
    this.approvals = new ApprovalDesk(this);
  }

  // ---- for any thread

  RunContext run() {
    return run;
  }

  double complexity() {
    return complexity;
  }

  Team team() {
    return team;
  }

  Resting resting() {
    return resting;
  }

  MediationDesk mediations() {
    return mediations;
  }

  List<AgentRunner> agents() {
    return agents;
  }

  long fence() {
    return lease.token();
  }

  /**
   * Leaves the run as it is, for another process to resume: its agents stop, and what they did and
   * learned is remembered. Does not wait.
   */
  void leave(String reason) {
    Cause cause = Cause.STOPPED;
    announced.compareAndSet(
        null, new Ending(new Outcome.Stopped("orchestrator", reason), cause, Kind.RESUMABLE));
    agents.stream().filter(agent -> !agent.ended()).forEach(agent -> agent.control().cancel(cause));
    post(() -> end(new Outcome.Stopped("orchestrator", reason), cause));
  }

  /** Runs a decision after those posted before it; on this thread, unless another is at it. */
  void post(Runnable task) {
    tasks.offer(task);
    tasks.drain();
  }

  private void perform(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("run {}: a decision failed; the run ends", run.terms().run(), e);
      end(
          new Outcome.Failed("RUNTIME", e.getClass().getSimpleName() + ": " + e.getMessage()),
          Cause.RUN_ENDED);
    }
  }

  /** Follows the store from its first change on. */
  void follow() {
    following = run.store().follow(this::changed);
  }

  /** Called by the store for every change, in order. */
  private void changed(Change change) {
    run.events().append(change);
    run.view().changed(change);
    run.memory().changed(change);
    Reactions.to(this, change);
  }

  @Override
  public void failed(String code, String message) {
    post(() -> end(new Outcome.Failed(code, message), Cause.RUN_ENDED));
  }

  /** An agent's task is over: it ended, or waits for a person. */
  private void exited(AgentRunner agent) {
    post(() -> agentExited(agent));
  }

  @Override
  public void waiting(AgentRunner agent) {
    if (approvals.anyPending()) {
      post(this::lookForRest);
    }
  }

  /**
   * Stops the run: agents first, then the store, then whatever has to be told. Does not wait.
   *
   * @return who was active, to be confirmed
   */
  StopConfirmation stop(String by, String reason, Cause cause) {
    Ending asked = new Ending(new Outcome.Stopped(by, reason), cause);
    announced.compareAndSet(null, asked);
    List<AgentRunner> active = agents.stream().filter(agent -> !agent.ended()).toList();
    active.forEach(agent -> agent.control().cancel(cause));
    stopStore(asked);

    post(() -> end(new Outcome.Stopped(by, reason), cause));
    return new StopConfirmation(run, active);
  }

  /** Has a stop survive this process. Blocks for the checkpoint store's timeout at most. */
  void rememberStop() {
    try {
      run.memory().flush();
    } catch (RuntimeException e) {
      run.evidence().warn("the stop could not be remembered yet: " + e.getMessage());
    }
  }

  /** Stops the store, unless it is already. */
  private void stopStore(Ending how) {
    try {
      run.store().apply(how.stop());
    } catch (RuntimeException e) {
      run.evidence().warn("the stop did not reach the coordination store: " + e.getMessage());
    }
  }

  /**
   * Asks for the run's threads.
   *
   * @throws AdmissionRefusedException if it can never have them, or too many runs wait
   */
  void enqueue() {
    seats.ask();
  }

  // ---- decisions

  /** The run has its threads. */
  void seated() {
    if (agents.isEmpty()) {
      begin();
    } else {
      approvals.restart();
    }
  }

  private void begin() {
    run.store()
        .apply(
            new Command.Note(
                null, EventTypes.ORCHESTRATION_STARTED, Payload.of(RunNotes.started(run, team))));
    for (Agent member : team.agents()) {
      add(member, run.terms().run().agent(member.role()), null, null, Duration.ZERO);
    }
    run.active().start();
    run.stuck().start();
    List<AgentRunner> members = agents;
    mediations.begin(); // a member that waits for its mediator finds it there
    for (AgentRunner agent : members) {
      start(agent);
    }
  }

  /** Adds an agent to the run; null if the store refuses it. */
  @Nullable AgentRunner add(
      Agent definition,
      AgentId id,
      @Nullable MediationReason reason,
      @Nullable AgentId successorOf,
      Duration share) {
    Lease own =
        run.store()
            .acquire(
                id.value(), run.terms().run() + "/" + id, run.services().coordination().leaseTtl())
            .orElse(null);
    if (own == null) {
      run.evidence().warn("agent " + id + " was not added: its lease is taken");
      return null;
    }
    Applied<?> spawned =
        run.store()
            .apply(
                new Command.Spawn(
                    fence(),
                    id,
                    definition.role(),
                    definition.tier(),
                    definition.version(),
                    definition.errorBudget(),
                    reason,
                    successorOf));
    if (!spawned.accepted()) {
      log.debug("run {}: agent {} was not added: {}", run.terms().run(), id, spawned.reason());
      return null;
    }
    run.evidence()
        .note(id, LedgerTypes.SPAWNED, id + "/spawned", RunNotes.spawned(definition, reason));
    AgentRunner agent = new AgentRunner(run, definition, id, own, reason, share);
    List<AgentRunner> more = new ArrayList<>(agents);
    more.add(agent);
    agents = List.copyOf(more);
    return agent;
  }

  /** Adds an agent that another process had spawned. */
  void addAgain(Agent definition, AgentState state, List<JournalEntry> journal) {
    AgentId id = state.id();
    Lease own =
        run.store()
            .acquire(
                id.value(), run.terms().run() + "/" + id, run.services().coordination().leaseTtl())
            .orElseThrow(() -> new IllegalStateException("the lease of " + id + " is taken"));
    Duration share = state.reason() == null ? Duration.ZERO : mediations.share();
    AgentRunner agent = new AgentRunner(run, definition, id, own, state.reason(), share);
    agent.goOnFrom(state, journal);
    List<AgentRunner> more = new ArrayList<>(agents);
    more.add(agent);
    agents = List.copyOf(more);
  }

  /** Begins to decide about a run that another process left. */
  void comeBack(Past past, long epoch, Map<AgentId, Agent> definitions) {
    post(() -> new Comeback(this, past).begin(epoch, definitions));
  }

  /** Gives the agents that can go on their threads, or looks what the run waits for. */
  void takeUp() {
    if (agents.stream().allMatch(AgentRunner::ended)) {
      lookForEnd();
    } else if (approvals.allWait()) {
      lookForRest();
    } else {
      goOn();
    }
  }

  /** Gives an agent a thread. */
  void start(AgentRunner agent) {
    AgentTask task = seats.start(agent);
    if (task == null) {
      approvals.park(agent); // the run rests without its threads
      goOn();
      return;
    }
    agent.control().runsOn(task);
    task.onEnd(() -> exited(agent)); // not earlier: a successor needs the thread's permit
  }

  private void agentExited(AgentRunner agent) {
    if (over) {
      return;
    }
    if (agent.suspended()) {
      approvals.suspended(agent);
    } else if (agent.mediation() != null) {
      mediations.ended(agent);
    }
    lookForEnd();
  }

  /** Ends the run if nobody is left to go on. */
  void lookForEnd() {
    if (over) {
      return;
    }
    boolean allEnded = agents.stream().allMatch(AgentRunner::ended);
    if (ending != null) {
      if (allEnded) {
        conclude();
      }
      return;
    }
    if (allEnded) {
      mediations.lookAtProposals(); // the last proposals may not have been announced yet
      allEnded = agents.stream().allMatch(AgentRunner::ended);
    }
    if (allEnded && outOfTime()) {
      deadline();
    } else if (allEnded && !succession.pending() && !mediations.pending()) {
      end(Verdicts.of(run, team), Cause.RUN_ENDED);
    } else {
      lookForRest();
    }
  }

  /** Whether agents ended for want of time, perhaps a moment before the run is told. */
  private boolean outOfTime() {
    return run.active().remaining().isZero()
        && run.store().agents().stream().anyMatch(Mailbox::active);
  }

  void lookForRest() {
    long times = resting.times();
    if (!over && ending == null && approvals.atRest()) {
      rest(times);
    }
  }

  private void rest(long times) {
    if (run.store().status() != PipelineStatus.AWAITING_APPROVAL) {
      run.store()
          .apply(new Command.SetStatus(fence(), PipelineStatus.AWAITING_APPROVAL, Payload.empty()));
    }
    if (agents.stream().allMatch(a -> a.ended() || a.suspended())) {
      seats.giveBack();
    }
    resting.rest(Results.of(this, new Outcome.AwaitingApproval(approvals.pending())), times);
  }

  /** The run goes on after it rested. */
  void goOn() {
    resting.goOn();
    if (run.store().status() == PipelineStatus.AWAITING_APPROVAL) {
      run.store()
          .apply(new Command.SetStatus(fence(), PipelineStatus.ORCHESTRATING, Payload.empty()));
    }
    if (!seats.askAgain()) {
      approvals.restart();
    }
  }

  /** The active time is over. */
  void deadline() {
    Outcome timedOut = new Outcome.TimedOut(run.active().limit());
    Ending late = new Ending(timedOut, Cause.DEADLINE);
    announced.compareAndSet(null, late);
    for (AgentRunner agent : agents) {
      agent.control().cancel(Cause.DEADLINE);
    }
    stopStore(late);
    post(() -> end(timedOut, Cause.DEADLINE));
  }

  /** Begins the end: the first reason stays. Agents that still run are stopped and waited for. */
  void end(Outcome found, Cause because) {
    if (over || ending != null) {
      return;
    }
    Ending first = announced.get();
    Ending how = first == null ? new Ending(found, because) : first;
    Outcome outcome = how.outcome();
    Cause cause = how.cause();
    ending = how;
    run.stuck().stop();
    boolean early = agents.stream().anyMatch(agent -> !agent.ended());
    if (early) {
      agents.forEach(agent -> agent.control().cancel(cause));
    }
    if (!how.resumable() && (early || first != null)) {
      stopStore(how); // agents may all have ended before whoever stops them got to it
    }
    if (!how.resumable() && outcome instanceof Outcome.Stopped stopped) {
      run.evidence()
          .note(
              null,
              LedgerTypes.STOP,
              run.terms().run() + "/stop",
              Map.of("by", stopped.by(), "reason", Digest.sha256(stopped.reason()).hex()));
    }
    if (agents.stream().allMatch(agent -> agent.ended() || agent.suspended())) {
      conclude();
    } else {
      run.services()
          .control()
          .after(run.services().tuning().stopGrace(), () -> post(this::conclude));
    }
  }

  /** Sets what is final, records it, and gives the result. */
  private void conclude() {
    Ending how = ending;
    if (over || concluding || how == null) {
      return;
    }
    concluding = true;
    run.active().stop();
    approvals.close();
    mediations.close();
    seats.leaveQueue();
    abandonThreads();
    if (how.resumable()) {
      giveBack(how.outcome());
      return;
    }
    settleAgents(how.cause());
    CompletableFuture<Boolean> recorded =
        run.evidence()
            .noteLast(
                LedgerTypes.STATUS, run.terms().run() + "/end", RunNotes.ended(run, how.outcome()));
    if (recorded.isDone()) {
      finish(how.outcome());
      return;
    }
    TimeSource.Timer bound =
        run.services()
            .control()
            .after(
                run.services().tuning().ledgerTimeout(),
                () ->
                    post(
                        () -> {
                          run.evidence().warn("the end of the run is not yet in the ledger");
                          finish(how.outcome());
                        }));
    CompletableFuture<Void> unused =
        recorded.thenRunAsync( // not on the ledger's own thread: finishing writes
            () -> {
              boolean unusedAnswer = bound.cancel();
              post(() -> finish(how.outcome()));
            },
            run.services().control());
  }

  /** Gives the run back; its state stays what it is. */
  private void giveBack(Outcome outcome) {
    seats.giveBack();
    try {
      run.memory().add(new Delta.Elapsed(run.active().used()));
      run.memory().letGo();
    } catch (RuntimeException e) {
      run.evidence().warn("the last of the run could not be remembered: " + e.getMessage());
    }
    closeDown(outcome);
  }

  /** Gives the result of a run that had ended before this process looked at it. */
  void giveAgain(Outcome outcome) {
    post(
        () -> {
          try {
            run.memory().finish();
          } catch (RuntimeException e) {
            run.evidence().warn("the run could not be marked as ended: " + e.getMessage());
          }
          closeDown(outcome);
        });
  }

  private void closeDown(Outcome outcome) {
    over = true;
    published = true;
    OrchestrationResult result = Results.of(this, outcome);
    run.events().complete();
    letGo();
    resting.over(result, run.services().control()::tell);
    Closing.quietly(following);
  }

  private void abandonThreads() {
    for (AgentRunner agent : agents) {
      AgentTask task = agent.control().task();
      if (task != null && !agent.ended() && !agent.suspended()) {
        abandon(agent, task);
      }
    }
  }

  private void abandon(AgentRunner agent, AgentTask task) {
    if (task.abandon()) {
      run.evidence().warn("agent " + agent.id() + " ignores its interruption; it was abandoned");
      estimate(agent);
    }
  }

  /** What the call of an abandoned agent took is unknown: it stays charged at its reservation. */
  private void estimate(AgentRunner agent) {
    String reservation = agent.reservation();
    if (reservation != null) {
      run.view().apply(new Command.Estimate(agent.id(), agent.fence(), reservation));
    }
  }

  private void settleAgents(Cause cause) {
    AgentStatus status = cause == Cause.DEADLINE ? AgentStatus.TIMED_OUT : AgentStatus.STOPPED;
    for (AgentRunner agent : agents) {
      run.view().end(agent, status, cause.name());
    }
  }

  private void finish(Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    seats.giveBack();
    try {
      Payload detail = Payload.of(RunNotes.results(run, outcome));
      results = detail;
      Applied<PipelineStatus> set =
          run.store().apply(new Command.SetStatus(fence(), outcome.status(), detail));
      if (set.accepted()) {
        return; // the announcement of the change publishes the result
      }
      run.evidence().warn("the final status was refused: " + set.reason());
    } catch (RuntimeException e) {
      run.evidence().warn("the final status could not be set: " + e.getMessage());
    }
    publish();
  }

  /** The final status is announced: gives the result. */
  void publish() {
    Ending how = ending;
    if (published || how == null) {
      return;
    }
    published = true;
    Payload known = results;
    RunNotes.checkpoint(
        run,
        how.outcome(),
        known == null ? Payload.of(RunNotes.results(run, how.outcome())) : known);
    closeDown(how.outcome()); // a final status that was not set is announced to nobody
  }

  private void letGo() {
    try {
      whenOver.accept(this);
    } catch (RuntimeException e) {
      log.warn("run {}: its stores could not be told that it is over", run.terms().run(), e);
    }
  }

  /** Whether somebody else has the run now: its state is no longer this one's to release. */
  boolean superseded() {
    try {
      return !run.store().holds(Lease.COORDINATOR, fence());
    } catch (CoordinationUnavailableException e) {
      return false;
    }
  }

  boolean isOver() {
    return over || ending != null;
  }

  /** Whether its result is given, or about to be. */
  boolean finished() {
    return over;
  }

  Succession succession() {
    return succession;
  }

  ApprovalDesk approvals() {
    return approvals;
  }

  /** What a status change of an agent means to the run. */
  void agentChanged(Effect.AgentChanged changed) {
    if (changed.to() == AgentStatus.REVOKED) {
      for (AgentRunner agent : agents) {
        if (agent.id().equals(changed.agent())) {
          cancel(agent, Cause.REVOKED);
        }
      }
    }
  }

  /** Ends one agent while the run goes on; one that ignores it holds nobody up. Any thread. */
  void cancel(AgentRunner agent, Cause cause) {
    agent.control().cancel(cause);
    TimeSource.Timer grace =
        run.services()
            .control()
            .after(run.services().tuning().stopGrace(), () -> post(() -> giveUp(agent)));
    AgentTask task = agent.control().task();
    if (task != null) {
      task.onEnd(grace::cancel);
    }
  }

  private void giveUp(AgentRunner agent) {
    AgentTask task = agent.control().task();
    if (over || task == null || task.ended() || agent.ended() || agent.suspended()) {
      return;
    }
    abandon(agent, task);
    agent.giveUp();
    agentExited(agent);
  }
}
