// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.BadInputException;
import io.agentgovernance.Orchestration;
import io.agentgovernance.RunRequest;
import io.agentgovernance.StopReport;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.internal.events.EventLog;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.ComplexityEstimator;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts runs. Thread safe. What goes wrong before a run is durably started is an exception. */
public final class RunStarter {
  private final Services services;
  private final Team team;
  private final SpendBudget spend;
  private final Set<MediationReason> mediation;
  private final ComplexityEstimator complexity;
  private final Digest settings;
  private final LiveRuns runs;

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
  }

  /** Starts nothing more and stops the runs that go on. */
  public void close(String reason) {
    for (RunHandle run : runs.close()) {
      StopReport unused = run.stop("orchestrator", reason);
    }
  }

  /** Starts a run, or returns the one of that id. */
  public Orchestration start(RunRequest request) {
    if (runs.closed()) {
      throw new BadInputException(
          "Orchestrator.start", "a closed orchestrator", "an open one", "Build a new one.");
    }
    Team members = request.team().orElse(team);
    check(members);
    RunId id = request.id().orElseGet(RunId::random);
    RunHandle known = request.id().isPresent() ? runs.find(id).orElse(null) : null;
    if (known != null) {
      return same(known, request);
    }
    RunTerms terms = terms(request, members, id);
    double score =
        terms.mediation().contains(MediationReason.COMPLEXITY)
            ? complexity.estimate(request.objective(), request.documents())
            : 0;
    return launch(request, members, terms, score);
  }

  private RunHandle same(RunHandle known, RunRequest request) {
    if (!known.request().equals(digest(request))) {
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
                "documents", documents(request)))
        .digest();
  }

  private static List<Map<String, String>> documents(RunRequest request) {
    return request.documents().stream()
        .map(document -> Map.of("name", document.name(), "text", document.text()))
        .toList();
  }

  private void check(Team members) {
    List<Agent> all = new ArrayList<>(members.agents());
    members.mediator().ifPresent(all::add);
    for (Agent agent : all) {
      for (String tool : agent.tools()) {
        if (!services.tools().containsKey(tool)) {
          throw new BadInputException(
              "agent '" + agent.role().name() + "'",
              "the tool '" + tool + "'",
              services.tools().isEmpty()
                  ? "a registered tool; none is registered"
                  : "one of "
                      + String.join(", ", services.tools().keySet().stream().sorted().toList()),
              "Register it with OrchestratorBuilder.tools(…), or correct the name.");
        }
      }
    }
  }

  private RunTerms terms(RunRequest request, Team members, RunId id) {
    Set<MediationReason> reasons =
        members.mediated() ? mediation : EnumSet.noneOf(MediationReason.class);
    @Nullable AgentRole writer =
        members
            .rule()
            .<@Nullable AgentRole>match(
                DecisionRule.Quorum::writer, byRole -> null, collect -> null);
    Map<String, Object> inputs = new LinkedHashMap<>();
    inputs.put("inputs", request.inputs());
    inputs.put("documents", documents(request));
    return new RunTerms(
        services.tenant(),
        id,
        request.objective(),
        Payload.of(inputs),
        members.agents().stream().map(Agent::role).toList(),
        writer,
        request.spend().orElse(spend),
        request.timeout().orElse(services.tuning().timeout()),
        reasons,
        members.digest(),
        services.time().now());
  }

  private RunHandle launch(RunRequest request, Team members, RunTerms terms, double score) {
    Evidence evidence =
        new Evidence(
            services.ledger(),
            terms.tenant(),
            terms.run(),
            services.time(),
            services.tuning().ledgerTimeout());
    OptionalLong epoch = services.checkpoints().claim(terms.run(), 0);
    if (epoch.isEmpty()) {
      throw new BadInputException(
          "run '" + terms.run() + "'",
          "a run of that id in the checkpoint store",
          "an id that is not used",
          "Use another id.");
    }
    evidence.write(null, LedgerTypes.RUN_STARTED, terms.run() + "/start", started(terms));
    RunStore store =
        services
            .coordination()
            .create(terms)
            .orElseThrow(
                () ->
                    new BadInputException(
                        "run '" + terms.run() + "'",
                        "a run of that id in the coordination store",
                        "an id that is not used",
                        "Use another id."));
    RunMemory memory = new RunMemory(services.checkpoints(), terms.run(), epoch.getAsLong());
    memory.add(new Delta.Opened(terms));
    memory.flush();
    Lease lease =
        store
            .acquire(
                Lease.COORDINATOR,
                terms.run() + "/" + epoch.getAsLong(),
                services.coordination().leaseTtl())
            .orElseThrow(() -> new IllegalStateException("the lease of a new run is taken"));
    EventLog events = new EventLog(terms.run(), services.time(), services.eventThreads());
    RunParts parts =
        new RunParts(
            services, request, terms, store, evidence, memory, events, score, Duration.ZERO);
    RunCoordinator coordinator = new RunCoordinator(parts, members, lease, this::over);
    RunHandle handle = new RunHandle(coordinator, digest(request));
    RunHandle raced = runs.add(handle);
    if (raced != null) {
      return same(raced, request);
    }
    AutoCloseable unused = store.follow(coordinator::changed);
    for (EventListener listener : services.listeners()) {
      AutoCloseable ignored = handle.subscribe(listener);
    }
    admit(handle, coordinator);
    return handle;
  }

  private void admit(RunHandle handle, RunCoordinator coordinator) {
    boolean asked = false;
    try {
      services.threads().admit(coordinator.threads(), coordinator::admitted, coordinator::refused);
      asked = true;
    } finally {
      if (!asked) {
        runs.remove(handle);
        services.coordination().release(handle.id());
      }
    }
  }

  private Map<String, Object> started(RunTerms terms) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("objective", Digest.sha256(terms.objective()).hex());
    body.put("inputs", terms.inputs().digest().hex());
    body.put("definition", terms.definition().hex());
    body.put("settings", settings.hex());
    body.put("roles", terms.roles().stream().map(AgentRole::name).toList());
    body.put("tokens", terms.spend().tokens());
    body.put("cost", terms.spend().cost().amount().toPlainString());
    body.put("timeout", terms.timeout().toString());
    return body;
  }

  private void over(RunCoordinator coordinator) {
    RunId id = coordinator.run().terms().run();
    runs.find(id).ifPresent(runs::over);
    services.coordination().release(id);
    services.ledger().release(coordinator.run().terms().tenant(), id);
  }
}
