// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRefusedException;
import io.agentgovernance.JoinRefusedException.Reason;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A run that another process coordinates, and the agents of it that run here. Follows the shared
 * store: what the coordinator decides takes effect here at once.
 *
 * <p>Thread safe towards hosts. What is decided here is decided as a coordinator does, one task at
 * a time; fields without a note are confined to those tasks.
 */
final class JoinedRun implements RunContext.Signals, Joined {
  private static final Log log = Log.of(JoinedRun.class);

  private final Services services;
  private final LiveRuns runs;
  private final RunStore store;
  private final JoinRequest request;
  private final Decisions decisions;
  private final Announcements announcements;
  private final JoinedParts parts;
  private final JoinedAgents agents;
  private final JoinedReactions reactions;
  private final Standby standby;
  private final TimeSource.Waiter spawned;
  private final CompletableFuture<JoinEnd> completion = new CompletableFuture<>();

  private volatile AutoCloseable following = () -> {};
  private boolean over;

  JoinedRun(
      Services services,
      LiveRuns runs,
      RunResumer resumer,
      RunStore store,
      Team team,
      JoinRequest request,
      Map<AgentRole, Agent> roles) {
    this.services = services;
    this.runs = runs;
    this.store = store;
    this.request = request;
    this.decisions = new Decisions(services, this::decisionFailed);
    this.announcements = new Announcements(decisions::apart, this::tell);
    this.parts = new JoinedParts(services, store, team, this);
    this.agents = new JoinedAgents(this, services, store, parts, roles);
    this.reactions = new JoinedReactions(this, parts);
    this.standby = new Standby(this, services, resumer, team, request.whenLeft(), parts.epoch());
    this.spawned = services.time().waiter();
  }

  // ---- joining, on the host's thread

  /** Asks to be let in. Waits until the agents are spawned, for a time. */
  void begin() {
    following = store.follow(this::changed);
    awaitSpawned();
    agents.takeSeats();
    agents.takeLeases();
    String key = run() + "/join/" + agents.highestToken();
    parts.evidence().write(null, LedgerTypes.RUN_JOINED, key, noted());
    agents
        .definitions()
        .forEach(
            (id, agent) ->
                store.apply(
                    new Command.Note(
                        id,
                        EventTypes.AGENT_JOINED,
                        Payload.of(Map.of("agent_id", id.value(), "role", agent.role().name())))));
    standby.begin();
  }

  private Map<String, Object> noted() {
    return Map.of(
        "epoch", parts.epoch(),
        "definition", store.terms().definition().hex(),
        "roles", agents.definitions().values().stream().map(agent -> agent.role().name()).toList());
  }

  private void awaitSpawned() {
    long limit = services.time().ticks() + AwayDesk.JOIN_WITHIN.toNanos();
    try {
      while (!agents.definitions().keySet().stream().allMatch(id -> store.agent(id).isPresent())) {
        long left = limit - services.time().ticks();
        if (left <= 0 || !spawned.await(Duration.ofNanos(left))) {
          throw refused(
              Reason.UNKNOWN_ROLE,
              "the run has not spawned "
                  + agents.definitions().keySet()
                  + " within "
                  + AwayDesk.JOIN_WITHIN,
              "Try again later.");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(Reason.UNKNOWN_ROLE, "the caller was interrupted", "Try again.");
    }
  }

  private JoinRefusedException refused(Reason reason, String found, String advice) {
    return new JoinRefusedException(run(), reason, found, advice);
  }

  /** Joining did not get to its end. */
  void undo() {
    runs.leave(this); // it may be joined again at once
    decisions.post(() -> finish(new JoinEnd.Left("it was not let in")));
  }

  // ---- for any thread

  @Override
  public RunId run() {
    return store.terms().run();
  }

  @Override
  public Set<AgentRole> roles() {
    return request.roles();
  }

  @Override
  public JoinEnd await() throws InterruptedException {
    try {
      return completion.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public CompletableFuture<JoinEnd> completion() {
    return completion.copy();
  }

  /** Whether it is over, waited for a time. */
  boolean ended(Duration atMost) throws InterruptedException {
    TimeSource.Waiter waiter = services.time().waiter();
    CompletableFuture<Void> signal = completion.thenRun(waiter::signal);
    try {
      return completion.isDone() || waiter.await(atMost) || completion.isDone();
    } finally {
      signal.cancel(false);
    }
  }

  List<AgentRunner> agents() {
    return agents.all();
  }

  JoinedReactions reactions() {
    return reactions;
  }

  RunStore store() {
    return store;
  }

  void post(Runnable task) {
    decisions.post(task);
  }

  /** Says something to those who watch the run. */
  void announce(Command.Note note) {
    announcements.add(note);
  }

  private void tell(Command.Note note) {
    try {
      store.apply(note);
    } catch (RuntimeException e) {
      log.debug("run {}: {} was not announced", run(), note.type(), e);
    }
  }

  private void changed(Change change) {
    parts.changed(change);
    reactions.to(change);
    spawned.signal();
  }

  @Override
  public void leave(String reason) {
    cancelAll(Cause.LEASE_LOST);
    post(() -> afterAgents(() -> finish(new JoinEnd.Left(reason))));
  }

  @Override
  public void failed(String code, String message) {
    leave(code + ": " + message);
  }

  @Override
  public void leaseLost(AgentRunner agent) {
    log.debug("run {}: {} does not run here any more", run(), agent.id());
  }

  @Override
  public void waiting(AgentRunner agent) {
    // the coordinator looks after rests
  }

  /** Stops the agents that run here; what they would still do is refused. */
  void cancelAll(Cause cause) {
    agents.cancelAll(cause);
  }

  private void decisionFailed(RuntimeException e) {
    log.warn("run {}: it cannot be gone on with here", run(), e);
    leave(e.getClass().getSimpleName() + ": " + e.getMessage());
  }

  // ---- decisions

  /** The coordinator has remembered all that came before: an agent may begin. */
  void admitted(AgentId id) {
    agents.admitted(id);
  }

  /** Gives the agents that wait for nobody a thread. */
  void restart() {
    agents.restart();
  }

  /** Goes on when the agents here have left their threads, or had their time to do so. */
  void afterAgents(Runnable then) {
    agents.after(then);
  }

  /** Lets go of everything of the run, and says how it came out. */
  void finish(JoinEnd end) {
    if (!(end instanceof JoinEnd.RunEnded)) {
      remember(); // else who coordinated it has finished what is remembered
    }
    if (release()) {
      if (end instanceof JoinEnd.RunEnded) {
        services.coordination().release(run());
      } else {
        store.detach();
      }
      complete(end);
    }
  }

  /** Writes what the agents here did and learned, unless that was done. */
  void remember() {
    if (!over) {
      parts.remember();
    }
  }

  /** Lets go of everything of the run; false if that was done before. */
  boolean release() {
    if (over) {
      return false;
    }
    over = true;
    standby.close();
    agents.release();
    Closing.quietly(following);
    agents.giveSeatsBack();
    parts.close();
    runs.leave(this);
    return true;
  }

  void complete(JoinEnd end) {
    services.control().tell(() -> completion.complete(end));
  }
}
