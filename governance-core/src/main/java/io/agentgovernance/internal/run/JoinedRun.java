// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.AdmissionRefusedException;
import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRefusedException;
import io.agentgovernance.JoinRefusedException.Reason;
import io.agentgovernance.JoinRequest;
import io.agentgovernance.Joined;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.internal.concurrent.Admission;
import io.agentgovernance.internal.concurrent.AgentTask;
import io.agentgovernance.internal.secrets.LogText;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run that another process coordinates, and the agents of it that run here. Follows the shared
 * store: what the coordinator decides takes effect here at once.
 *
 * <p>Thread safe towards hosts. What is decided here is decided as a coordinator does, one task at
 * a time; fields without a note are confined to those tasks.
 */
final class JoinedRun implements RunContext.Signals, Joined {
  private static final Logger log = LoggerFactory.getLogger(JoinedRun.class);

  private final Services services;
  private final LiveRuns runs;
  private final RunStore store;
  private final JoinRequest request;
  private final Map<AgentId, Agent> definitions = new LinkedHashMap<>();
  private final Map<AgentId, Held> leases = new LinkedHashMap<>();
  private final Decisions decisions;
  private final JoinedParts parts;
  private final JoinedReactions reactions;
  private final Standby standby;
  private final TimeSource.Waiter spawned;
  private final CompletableFuture<JoinEnd> completion = new CompletableFuture<>();

  /** Written by tasks; read from any thread. */
  private volatile List<AgentRunner> agents = List.of();

  private volatile AutoCloseable following = () -> {};
  private volatile boolean leaving;
  private @Nullable Admission seats;
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
    roles.forEach((role, agent) -> definitions.put(store.terms().run().agent(role), agent));
    this.decisions = new Decisions(services, this::decisionFailed);
    this.parts = new JoinedParts(services, store, team, this);
    this.reactions = new JoinedReactions(this, parts);
    this.standby = new Standby(this, services, resumer, team, request.whenLeft(), parts.epoch());
    this.spawned = services.time().waiter();
  }

  // ---- joining, on the host's thread

  /** Asks to be let in. Waits until the agents are spawned, for a time. */
  void begin() {
    following = store.follow(this::changed);
    awaitSpawned();
    takeSeats();
    for (AgentId id : definitions.keySet()) {
      Held held =
          services
              .leases()
              .acquire(store, id.value(), "")
              .orElseThrow(
                  () ->
                      refused(Reason.ROLE_TAKEN, id + " is run by somebody", "Leave it to them."));
      leases.put(id, held);
    }
    parts.evidence().write(null, LedgerTypes.RUN_JOINED, run() + "/join/" + leaseNames(), noted());
    definitions.forEach(
        (id, agent) ->
            store.apply(
                new Command.Note(
                    id,
                    EventTypes.AGENT_JOINED,
                    Payload.of(Map.of("agent_id", id.value(), "role", agent.role().name())))));
    standby.begin();
  }

  /** The leases that were taken, which no other joining has. */
  private String leaseNames() {
    return String.valueOf(leases.values().stream().mapToLong(Held::token).max().orElse(0));
  }

  private Map<String, Object> noted() {
    return Map.of(
        "epoch", parts.epoch(),
        "definition", store.terms().definition().hex(),
        "roles", definitions.values().stream().map(agent -> agent.role().name()).toList());
  }

  private void awaitSpawned() {
    long limit = services.time().ticks() + AwayDesk.JOIN_WITHIN.toNanos();
    try {
      while (!definitions.keySet().stream().allMatch(id -> store.agent(id).isPresent())) {
        long left = limit - services.time().ticks();
        if (left <= 0 || !spawned.await(Duration.ofNanos(left))) {
          throw refused(
              Reason.UNKNOWN_ROLE,
              "the run has not spawned " + definitions.keySet() + " within " + AwayDesk.JOIN_WITHIN,
              "Try again later.");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(Reason.UNKNOWN_ROLE, "the caller was interrupted", "Try again.");
    }
  }

  private void takeSeats() {
    if (definitions.isEmpty()) {
      return;
    }
    Admission asked =
        services.threads().admit(definitions.size(), granted -> {}, refusal -> leave("no threads"));
    if (!asked.admitted()) {
      asked.release();
      throw new AdmissionRefusedException(
          AdmissionRefusedException.Reason.QUEUE_FULL,
          "run '" + run() + "': no " + definitions.size() + " threads are free now to join it");
    }
    seats = asked;
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
    return agents;
  }

  RunStore store() {
    return store;
  }

  void post(Runnable task) {
    decisions.post(task);
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
    leaving = true;
    agents.forEach(agent -> agent.control().cancel(cause));
  }

  private void decisionFailed(RuntimeException e) {
    log.warn("run {}: it cannot be gone on with here", run(), LogText.of(e));
    leave(e.getClass().getSimpleName() + ": " + e.getMessage());
  }

  // ---- decisions

  /** The coordinator has remembered all that came before: an agent may begin. */
  void admitted(AgentId id) {
    Held held = leases.get(id);
    boolean here = agents.stream().anyMatch(agent -> agent.id().equals(id));
    Agent definition = definitions.get(id);
    if (over || leaving || held == null || definition == null || held.over() || here) {
      return;
    }
    Past past = parts.past();
    RunContext context = parts.context(past);
    AgentState state = store.agent(id).orElseThrow();
    AgentRunner agent = new AgentRunner(context, definition, id, held, null, Duration.ZERO);
    agent.goOnFrom(state, past.journal(id));
    List<AgentRunner> more = new ArrayList<>(agents);
    more.add(agent);
    agents = List.copyOf(more);
    agent.onLeaseLost(() -> agent.control().cancel(Cause.LEASE_LOST));
    new Aftermath(context, past).settle(agent);
    new Reminder(context, past).remind(List.of(agent));
    reactions.claimOpen();
    restart();
  }

  /** Gives the agents that wait for nobody a thread. */
  void restart() {
    for (AgentRunner agent : agents) {
      AgentTask task = agent.control().task();
      boolean free = task == null || task.ended();
      if (!over && !leaving && free && agent.suspended() && !reactions.waits(agent)) {
        AgentState state = store.agent(agent.id()).orElseThrow();
        if (state.status() == AgentStatus.WAITING) {
          store.apply(
              new Command.SetAgentStatus(agent.id(), agent.fence(), AgentStatus.RUNNING, ""));
        }
        start(agent);
      }
    }
  }

  private void start(AgentRunner agent) {
    Admission granted = seats;
    if (granted == null) {
      throw new AssertionError("an agent without a thread");
    }
    AgentTask task = granted.start(agent.id().value(), agent::drive);
    agent.control().runsOn(task);
    task.onEnd(() -> post(() -> exited(agent)));
  }

  private void exited(AgentRunner agent) {
    Cause cause = agent.control().cause();
    if (agent.suspended()) {
      restart();
    } else if (cause == Cause.STOPPED || cause == Cause.DEADLINE) {
      AgentStatus status = cause == Cause.DEADLINE ? AgentStatus.TIMED_OUT : AgentStatus.STOPPED;
      store.apply(new Command.SetAgentStatus(agent.id(), agent.fence(), status, cause.name()));
    }
  }

  /** Goes on when the agents here have left their threads, or had their time to do so. */
  void afterAgents(Runnable then) {
    if (agents.stream().allMatch(JoinedRun::gone)) {
      then.run();
    } else {
      services.control().after(services.tuning().stopGrace(), () -> post(then));
    }
  }

  private static boolean gone(AgentRunner agent) {
    AgentTask task = agent.control().task();
    return task == null || task.ended();
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
    leaving = true;
    standby.close();
    for (AgentRunner agent : agents) {
      agent.control().cancel(Cause.RUN_ENDED);
      AgentTask task = agent.control().task();
      if (task != null && !task.ended() && task.abandon()) {
        parts
            .evidence()
            .warn("agent " + agent.id() + " ignores its interruption; it was abandoned");
      }
    }
    leases.values().forEach(Held::giveBack);
    Closing.quietly(following);
    Admission granted = seats;
    if (granted != null) {
      granted.release();
    }
    parts.close();
    runs.leave(this);
    return true;
  }

  void complete(JoinEnd end) {
    services.control().tell(() -> completion.complete(end));
  }
}
