// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.Outcome;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.run.Ending.Kind;
import io.agentgovernance.internal.secrets.LogText;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.StateLostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what happens to one run: who is spawned, when it is mediated, when and how it ends.
 *
 * <p>Every decision runs as a task of {@link #post}: one at a time, in order. All fields without a
 * note are confined to those tasks, and so is what they are made of. Nothing in them waits for a
 * person, a model or a thread.
 */
final class RunCoordinator implements RunContext.Signals {
  private static final Logger log = LoggerFactory.getLogger(RunCoordinator.class);

  private final RunContext run;
  private final double complexity;
  private final Team team;
  private final Held lease;
  private final Decisions decisions;
  private final Resting resting;
  private final Seats seats;
  private final Succession succession;
  private final MediationDesk mediations;
  private final ApprovalDesk approvals;
  private final Members members;
  private final Conclusion conclusion;
  private final Course course;
  private final AwayDesk away;

  private volatile AutoCloseable following = () -> {};

  RunCoordinator(RunParts parts, Team team, Held lease, Consumer<RunCoordinator> whenOver) {
    this.run = parts.context(this);
    this.complexity = parts.complexity();
    this.team = team;
    this.lease = lease;
    this.decisions = new Decisions(run.services(), this::decisionFailed);
    this.resting = new Resting();
    this.seats = new Seats(this);
    this.succession = new Succession(this);
    this.mediations = new MediationDesk(this);
    this.approvals = new ApprovalDesk(this);
    this.members = new Members(this);
    this.conclusion = new Conclusion(this, whenOver);
    this.course = new Course(this, conclusion);
    this.away = new AwayDesk(this);
  }

  // ---- for any thread

  RunContext run() {
    return run;
  }

  RunId id() {
    return run.terms().run();
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

  Seats seats() {
    return seats;
  }

  MediationDesk mediations() {
    return mediations;
  }

  Succession succession() {
    return succession;
  }

  ApprovalDesk approvals() {
    return approvals;
  }

  Members members() {
    return members;
  }

  Course course() {
    return course;
  }

  AwayDesk away() {
    return away;
  }

  Conclusion conclusion() {
    return conclusion;
  }

  List<AgentRunner> agents() {
    return members.all();
  }

  long fence() {
    return lease.token();
  }

  /** Performs a decision after those posted before it. */
  void post(Runnable task) {
    decisions.post(task);
  }

  /**
   * Follows the store from its first change on. It comes before anybody can stop the run: the
   * result is given when the final status is announced.
   */
  void follow() {
    following = run.store().follow(this::changed);
  }

  /** Notices from now on when another process is granted the run. */
  void watchLease() {
    lease.watch(this::leaseLost);
  }

  void unfollow() {
    Closing.quietly(following);
  }

  /** Called by the store for every change, in order. */
  private void changed(Change change) {
    run.events().append(change);
    run.view().changed(change);
    run.memory().changed(change);
    away.changed(change);
    Reactions.to(this, change);
  }

  /**
   * Leaves the run as it is, for another process to resume: its agents stop, and what they did and
   * learned is remembered. Does not wait.
   */
  void leave(String reason) {
    leave(new Outcome.Stopped("orchestrator", reason), Cause.STOPPED);
  }

  private void leave(Outcome outcome, Cause cause) {
    Ending left = new Ending(outcome, cause, Kind.RESUMABLE);
    conclusion.announce(left);
    List<AgentRunner> unused = members.cancelAll(cause);
    post(() -> conclusion.begin(left));
  }

  /** Another process may be at the run now: nothing of this one is accepted any more. */
  private void leaseLost() {
    leave(
        new Outcome.Failed(
            "LEASE_LOST",
            "the lease of the run's coordinator could not be kept; another process may be at the"
                + " run, or resume it"),
        Cause.LEASE_LOST);
  }

  @Override
  public void failed(String code, String message) {
    Outcome outcome = new Outcome.Failed(code, message);
    post(() -> conclusion.begin(new Ending(outcome, Cause.RUN_ENDED, kind(code))));
  }

  @Override
  public void leaseLost(AgentRunner agent) {
    if (run.services().leases().runOut() && !lease.over()) {
      post(() -> away.lost(agent));
    } else {
      failed("LEASE_LOST", "agent " + agent.id() + " lost its lease");
    }
  }

  /**
   * Where another process can go on with a run, a failure of the stores leaves it to be resumed.
   */
  private Kind kind(String code) {
    return run.services().leases().runOut() && Failures.leavesResumable(code)
        ? Kind.RESUMABLE
        : Kind.FINAL;
  }

  private void decisionFailed(RuntimeException e) {
    log.error("run {}: a decision failed; the run ends", id(), LogText.of(e));
    boolean store = e instanceof GovernanceException known && Failures.infrastructure(known);
    String code = store ? Failures.code((GovernanceException) e) : "RUNTIME";
    conclusion.begin(
        new Ending(
            new Outcome.Failed(code, e.getClass().getSimpleName() + ": " + e.getMessage()),
            Cause.RUN_ENDED,
            kind(code)));
  }

  @Override
  public void waiting(AgentRunner agent) {
    if (approvals.anyPending()) {
      post(course::lookForRest);
    }
  }

  /**
   * Stops the run: agents first, then the store, then whatever has to be told. Does not wait, but
   * for a store in this JVM.
   *
   * @return who was active, to be confirmed
   */
  StopConfirmation stop(String by, String reason, Cause cause) {
    Ending asked = new Ending(new Outcome.Stopped(by, reason), cause);
    conclusion.announce(asked);
    List<AgentRunner> active = members.cancelAll(cause);
    CompletableFuture<Void> told = new CompletableFuture<>();
    decisions.apart(
        () -> {
          conclusion.stopStore(asked);
          told.complete(null);
        });
    post(() -> conclusion.begin(asked));
    return new StopConfirmation(run, active, told);
  }

  /** Has a stop survive this process. Blocks for the checkpoint store's timeout at most. */
  void rememberStop() {
    try {
      run.memory().flush();
    } catch (RuntimeException e) {
      run.evidence().warn("the stop could not be remembered yet: " + e.getMessage());
    }
  }

  /** The active time is over. */
  void deadline() {
    Ending late = new Ending(new Outcome.TimedOut(run.active().limit()), Cause.DEADLINE);
    conclusion.announce(late);
    for (AgentRunner agent : agents()) {
      agent.control().cancel(Cause.DEADLINE);
    }
    decisions.apart(() -> conclusion.stopStore(late));
    post(() -> conclusion.begin(late));
  }

  /** Says something to those who watch the run. */
  void announce(Command.Note note) {
    decisions.apart(
        () -> {
          try {
            run.store().apply(note);
          } catch (RuntimeException e) {
            log.warn("run {}: {} was not announced", id(), note.type(), LogText.of(e));
          }
        });
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

  /** Begins the end: the first reason stays. Agents that still run are stopped and waited for. */
  void end(Outcome found, Cause because) {
    conclusion.begin(new Ending(found, because));
  }

  boolean isOver() {
    return conclusion.isOver();
  }

  /** Whether its result is given, or about to be. */
  boolean finished() {
    return conclusion.finished();
  }

  /** Whether somebody else has the run now: its state is no longer this one's to release. */
  boolean superseded() {
    try {
      return !run.store().holds(Lease.COORDINATOR, fence());
    } catch (CoordinationUnavailableException | StateLostException e) {
      return false;
    }
  }

  /** Of a run that has ended nobody asks for an agent's lease, but whether somebody is at it. */
  void endLeases() {
    members.letLeasesRunOut();
    lease.giveBack();
  }

  void giveLeasesBack() {
    members.giveLeasesBack();
    lease.giveBack();
  }
}
