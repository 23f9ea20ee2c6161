// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Orchestration;
import io.agentgovernance.Outcome;
import io.agentgovernance.ResumeRefusedException;
import io.agentgovernance.ResumeRefusedException.Reason;
import io.agentgovernance.ResumeRequest;
import io.agentgovernance.RunRequest;
import io.agentgovernance.UnfinishedRun;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.events.EventLog;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.ComplexityEstimator;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.spi.StateLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Takes up runs that another process left. Thread safe. */
public final class RunResumer {
  private final Entrance entrance;
  private final Services services;
  private final Team team;
  private final ComplexityEstimator complexity;
  private final LiveRuns runs;
  private final RunChecks checks;

  RunResumer(Entrance entrance, Team team, ComplexityEstimator complexity, RunChecks checks) {
    this.entrance = entrance;
    this.services = entrance.services();
    this.team = team;
    this.complexity = complexity;
    this.runs = entrance.runs();
    this.checks = checks;
  }

  /** The runs that were started and have not ended, oldest first. */
  public List<UnfinishedRun> unfinished(int limit) {
    List<UnfinishedRun> unfinished = new ArrayList<>();
    for (RunId run : services.checkpoints().unfinished(limit)) {
      for (Delta first : services.checkpoints().read(run, 0, 1)) {
        if (first instanceof Delta.Opened opened) {
          RunTerms terms = opened.terms();
          unfinished.add(new UnfinishedRun(run, terms.objective(), terms.startedAt(), held(run)));
        }
      }
    }
    return unfinished;
  }

  /** Takes a run up, or says why it cannot. */
  public Orchestration resume(ResumeRequest request) {
    if (runs.closed()) {
      throw RunStarter.closed();
    }
    services.health().refuseUnlessWorking();
    RunId run = request.run();
    if (runs.goesOn(run)) {
      throw busy(run, "this orchestrator");
    }
    // The epoch first: whoever takes the run up in between makes the claim fail.
    long epoch = services.checkpoints().epoch(run);
    if (epoch == 0) {
      throw unknown(run);
    }
    if (held(run)) {
      throw busy(run, "somebody else");
    }
    Past past = Past.read(services.checkpoints(), run).orElseThrow(() -> unknown(run));
    Team members = request.team().orElse(team);
    if (!members.digest().equals(past.terms().definition())) {
      throw new ResumeRefusedException(
          run,
          Reason.DEFINITION_CHANGED,
          "the team "
              + members.digest().prefix()
              + ", not "
              + past.terms().definition().prefix()
              + " that the run was started with",
          "Resume it with the same roles, versions, tiers, tools and rule; nothing was changed.");
    }
    checks.team(members);
    Map<AgentId, Agent> definitions = Definitions.of(past, members, services.successors());
    services.threads().refuseUnlessRoom(Seats.of(members));
    OptionalLong claimed = services.checkpoints().claim(run, epoch);
    if (claimed.isEmpty()) {
      throw busy(run, "somebody else");
    }
    TakeOver takeOver = new TakeOver(past, members, claimed.getAsLong());
    boolean taken = false;
    try {
      Orchestration handle = takeOver.go(request, definitions);
      taken = true;
      return handle;
    } finally {
      if (!taken) {
        takeOver.undo();
      }
    }
  }

  /**
   * Whether somebody is at a run: where leases run out, they say so as long as its state is there.
   */
  private boolean held(RunId run) {
    Optional<RunStore> shared =
        services.leases().runOut() ? services.coordination().attach(run) : Optional.empty();
    if (shared.isEmpty()) {
      return services.checkpoints().held(run);
    }
    try {
      Optional<Held> free = services.leases().acquire(shared.get(), Lease.COORDINATOR, run.value());
      free.ifPresent(Held::giveBack);
      return free.isEmpty();
    } catch (StateLostException e) {
      return services.checkpoints().held(run);
    } finally {
      shared.get().detach();
    }
  }

  private static ResumeRefusedException unknown(RunId run) {
    return new ResumeRefusedException(
        run,
        Reason.UNKNOWN_RUN,
        "no run of that id in the checkpoint store",
        "Look at Orchestrator.unfinished; ended runs are kept for a time only.");
  }

  private static ResumeRefusedException busy(RunId run, String who) {
    return new ResumeRefusedException(
        run,
        Reason.BUSY,
        who + " is at it",
        "Let it; a run is taken up when its process has ended or given it back.");
  }

  /** One take-over, which is undone if it does not get to its end. */
  private final class TakeOver {
    private final Past past;
    private final RunTerms terms;
    private final Team members;
    private final long epoch;
    private boolean restored;
    private @Nullable Held held;

    TakeOver(Past past, Team members, long epoch) {
      this.past = past;
      this.terms = past.terms();
      this.members = members;
      this.epoch = epoch;
    }

    RunHandle go(ResumeRequest asked, Map<AgentId, Agent> definitions) {
      Evidence evidence = new Evidence(services, terms, epoch);
      evidence.write(
          null,
          LedgerTypes.RUN_RESUMED,
          terms.run() + "/resume/" + epoch,
          Map.of("epoch", epoch, "definition", terms.definition().hex()));
      RunStore store = services.coordination().restore(terms, epoch, past.changes());
      restored = true;
      RunMemory memory = new RunMemory(services.checkpoints(), terms.run(), epoch);
      memory.goOnFrom(past.lastSequence(), past.latest());
      Held lease =
          entrance.lead(store, epoch).orElseThrow(() -> busy(terms.run(), "somebody else"));
      held = lease;
      EventLog events = new EventLog(terms.run(), services.time(), services.eventThreads());
      past.changes().forEach(events::append);
      RunRequest request = Requests.of(terms).team(members);
      Duration limit =
          asked.timeout().map(more -> past.active().plus(more)).orElse(terms.timeout());
      RunParts parts =
          new RunParts(
              services,
              request,
              terms,
              store,
              evidence,
              memory,
              events,
              score(request),
              past.active(),
              limit);
      RunCoordinator coordinator = entrance.coordinator(parts, members, lease);
      coordinator.run().denials().goOnFrom(past.denials());
      RunHandle handle = entrance.admit(coordinator);
      Command.SetStatus end = past.end();
      if (end != null) {
        Outcome outcome = outcome(coordinator, end);
        coordinator.post(() -> coordinator.conclusion().giveAgain(outcome));
      } else {
        Circuits.restore(services.router(), past);
        coordinator.post(() -> new Comeback(coordinator, past).begin(epoch, definitions));
      }
      return handle;
    }

    private double score(RunRequest request) {
      return terms.mediation().contains(MediationReason.COMPLEXITY)
          ? complexity.estimate(request.objective(), request.documents())
          : 0;
    }

    /** How the run had come out. */
    private Outcome outcome(RunCoordinator coordinator, Command.SetStatus end) {
      Payload detail = end.detail();
      PipelineStatus status = end.status();
      return switch (status) {
        case TIMEOUT -> new Outcome.TimedOut(terms.timeout());
        case STOPPED -> new Outcome.Stopped(Past.text(detail, "/by"), Past.text(detail, "/reason"));
        case COMPLETED, ORCHESTRATION_FAILED -> Verdicts.of(coordinator.run(), members);
        case FAILED,
            ORCHESTRATION_ERROR,
            SPAWNED,
            RUNNING,
            REPORT,
            ORCHESTRATING,
            AWAITING_APPROVAL ->
            new Outcome.Failed(Past.text(detail, "/code"), Past.text(detail, "/message"));
      };
    }

    void undo() {
      runs.remove(terms.run());
      Held taken = held;
      if (taken != null) {
        taken.giveBack();
      }
      if (restored) {
        services.coordination().release(terms.run());
      }
      services.checkpoints().release(terms.run(), epoch);
    }
  }

  /** The runs that nobody is at, at most {@code limit}. */
  public List<UnfinishedRun> orphans(int limit) {
    return unfinished(limit).stream().filter(run -> !run.held()).toList();
  }
}
