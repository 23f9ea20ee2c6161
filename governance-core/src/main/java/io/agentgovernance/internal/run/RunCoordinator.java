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
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.StateLostException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decides what happens to one run: who is spawned, when it is mediated, when and how it ends.
 *
 * <p>Every decision runs as a task of {@link #post}: one at a time, in order. All fields without a
 * note are confined to those tasks, and so is what they are made of. Nothing in them waits for a
 * person, a model or a thread.
 */
final class RunCoordinator implements RunContext.Signals {
  private static final Log log = Log.of(RunCoordinator.class);

  private final RunContext run;
  private final double complexity;
  private final Team team;
  private final Held lease;
  private final Decisions decisions;
  private final Announcements announcements;
  private final Resting resting;
  private final Seats seats;
  private final Succession succession;
  private final MediationDesk mediations;
  private final ApprovalDesk approvals;
  private final Members members;
  private final Conclusion conclusion;
  private final Course course;
  private final AwayDesk away;
  private final Stops stops;

  private volatile AutoCloseable following = () -> {};

  RunCoordinator(RunParts parts, Team team, Held lease, Consumer<RunCoordinator> whenOver) {
    this.run = parts.context(this);
    this.complexity = parts.complexity();
    this.team = team;
    this.lease = lease;
    this.decisions = new Decisions(run.services(), this::decisionFailed);
    this.announcements = new Announcements(decisions::apart, this::tell);
    this.resting = new Resting();
    this.seats = new Seats(this);
    this.succession = new Succession(this);
    this.mediations = new MediationDesk(this);
    this.approvals = new ApprovalDesk(this);
    this.members = new Members(this);
    this.conclusion = new Conclusion(this, whenOver);
    this.course = new Course(this, conclusion);
    this.away = new AwayDesk(this);
    this.stops = new Stops(this, decisions);
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

  /** Who may end it from outside. */
  Stops stops() {
    return stops;
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
    lease.watch(stops::leaseLost);
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

  @Override
  public void failed(String code, String message) {
    Outcome outcome = new Outcome.Failed(code, message);
    post(() -> conclusion.begin(new Ending(outcome, Cause.RUN_ENDED, stops.kind(code))));
  }

  @Override
  public void leaseLost(AgentRunner agent) {
    if (run.services().leases().runOut() && !lease.over()) {
      post(() -> away.lost(agent));
    } else {
      failed("LEASE_LOST", "agent " + agent.id() + " lost its lease");
    }
  }

  private void decisionFailed(RuntimeException e) {
    log.error("run {}: a decision failed; the run ends", id(), e);
    boolean store = e instanceof GovernanceException known && Failures.infrastructure(known);
    String code = store ? Failures.code((GovernanceException) e) : "RUNTIME";
    conclusion.begin(
        new Ending(
            new Outcome.Failed(code, e.getClass().getSimpleName() + ": " + e.getMessage()),
            Cause.RUN_ENDED,
            stops.kind(code)));
  }

  @Override
  public void waiting(AgentRunner agent) {
    if (approvals.anyPending()) {
      post(course::lookForRest);
    }
  }

  /** Says something to those who watch the run. */
  void announce(Command.Note note) {
    announcements.add(note);
  }

  private void tell(Command.Note note) {
    try {
      run.store().apply(note);
    } catch (RuntimeException e) {
      log.warn("run {}: {} was not announced", id(), note.type(), e);
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
