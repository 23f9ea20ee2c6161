// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.Orchestration;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.ComplexityEstimator;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Starts runs. Thread safe. What goes wrong before a run is durably started is an exception. */
public final class RunStarter {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(10);

  private final Services services;
  private final Map<RunId, CompletableFuture<RunHandle>> starting = new ConcurrentHashMap<>();
  private final Team team;
  private final SpendBudget spend;
  private final Set<MediationReason> mediation;
  private final ComplexityEstimator complexity;
  private final Digest settings;
  private final LiveRuns runs;
  private final RunChecks checks;
  private final Entrance entrance;

  public RunStarter(
      Services services,
      Team team,
      SpendBudget spend,
      Set<MediationReason> mediation,
      ComplexityEstimator complexity,
      Digest settings,
      LiveRuns runs) {
    this.services = services;
    this.team = team;
    this.spend = spend;
    this.mediation = Set.copyOf(mediation);
    this.complexity = complexity;
    this.settings = settings;
    this.runs = runs;
    this.checks = new RunChecks(services);
    this.entrance = new Entrance(services, runs, new EndedRuns(services, runs));
  }

  /**
   * Starts nothing more and waits until no run goes on: with a durable checkpoint store they are
   * left to be resumed, else they are stopped.
   *
   * @param atMost how long to wait for all of them together
   */
  public void close(String reason, Duration atMost) throws InterruptedException {
    List<RunHandle> live = runs.close();
    List<JoinedRun> joined = runs.joined();
    joined.forEach(run -> run.leave(reason));
    boolean resumable = services.checkpoints().durability() != Durability.MEMORY;
    for (RunHandle run : live) {
      if (resumable) {
        run.coordinator().stops().leave(reason + "; resume the run to go on");
      } else {
        StopConfirmation unused = run.stopNow("orchestrator", reason);
      }
    }
    long limit = services.time().ticks() + atMost.toNanos();
    for (RunHandle run : live) {
      Duration left = Duration.ofNanos(limit - services.time().ticks());
      if (run.ended(left).isEmpty()) {
        return;
      }
    }
    for (JoinedRun run : joined) {
      if (!run.ended(Duration.ofNanos(limit - services.time().ticks()))) {
        return;
      }
    }
  }

  static BadInputException closed() {
    return new BadInputException(
        "Orchestrator.start", "a closed orchestrator", "an open one", "Build a new one.");
  }

  /** Starts a run, or returns the one of that id. */
  public Orchestration start(RunRequest request) {
    if (runs.closed()) {
      throw closed();
    }
    Team members = request.team().orElse(team);
    checks.team(members);
    checks.elsewhere(request, members);
    return request.id().isEmpty()
        ? begin(request, members, RunId.random())
        : once(request, members, request.id().get());
  }

  /** Of several starts of one id at once, one starts and the others wait for it. */
  private RunHandle once(RunRequest request, Team members, RunId id) {
    RunHandle known = runs.find(id).orElse(null);
    if (known != null) {
      return same(known, request);
    }
    CompletableFuture<RunHandle> mine = new CompletableFuture<>();
    CompletableFuture<RunHandle> first = starting.putIfAbsent(id, mine);
    if (first != null) {
      return same(joined(first, id), request);
    }
    try {
      known = runs.find(id).orElse(null); // it may have been started since
      RunHandle handle = known == null ? begin(request, members, id) : same(known, request);
      mine.complete(handle);
      return handle;
    } catch (RuntimeException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      starting.remove(id, mine);
    }
  }

  private static RunHandle joined(CompletableFuture<RunHandle> first, RunId id) {
    try {
      return first.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GovernanceException("run '" + id + "': interrupted while another start went on", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new GovernanceException(
          "run '" + id + "': another start of it failed; start it again", e);
    }
  }

  private RunHandle begin(RunRequest request, Team members, RunId id) {
    services.health().refuseUnlessWorking();
    RunTerms terms = terms(request, members, id);
    double score =
        terms.mediation().contains(MediationReason.COMPLEXITY)
            ? complexity.estimate(request.objective(), request.documents())
            : 0;
    return launch(request, members, terms, score);
  }

  private RunHandle same(RunHandle known, RunRequest request) {
    if (!digest(known.request()).equals(digest(request))) {
      throw new BadInputException(
          "run '" + known.id() + "'",
          "another objective or other inputs than the run was started with",
          "the same request for the same id",
          "Use another id for another request.");
    }
    return known;
  }

  private static Digest digest(RunRequest request) {
    return Payload.of(
            Map.of(
                "objective", request.objective(),
                "inputs", request.inputs(),
                "documents", Requests.documents(request)))
        .digest();
  }

  /** What takes up runs that other processes left. */
  public RunResumer resumer() {
    return new RunResumer(entrance, team, complexity, checks);
  }

  /** What runs agents of runs that other processes coordinate. */
  public RunJoiner joiner(RunResumer resumer) {
    return new RunJoiner(services, team, runs, checks, resumer);
  }

  private RunTerms terms(RunRequest request, Team members, RunId id) {
    Set<MediationReason> reasons =
        members.mediated() ? mediation : EnumSet.noneOf(MediationReason.class);
    @Nullable AgentRole writer =
        members
            .rule()
            .<@Nullable AgentRole>match(
                DecisionRule.Quorum::writer, byRole -> null, collect -> null);
    return new RunTerms(
        services.tenant(),
        id,
        request.objective(),
        Requests.material(request),
        members.agents().stream().map(Agent::role).toList(),
        writer,
        request.spend().orElse(spend),
        request.timeout().orElse(services.tuning().timeout()),
        reasons,
        members.digest(),
        services.time().now());
  }

  private RunHandle launch(RunRequest request, Team members, RunTerms terms, double score) {
    services.threads().refuseUnlessRoom(Seats.of(members)); // leaves no trace
    OptionalLong epoch = services.checkpoints().claim(terms.run(), 0);
    if (epoch.isEmpty()) {
      throw Launch.taken(terms.run(), "checkpoint");
    }
    Launch launch = new Launch(entrance, settings, terms, epoch.getAsLong());
    boolean started = false;
    try {
      RunHandle handle = launch.go(request, members, score);
      started = true;
      return handle;
    } finally {
      if (!started) {
        launch.undo();
      }
    }
  }
}
