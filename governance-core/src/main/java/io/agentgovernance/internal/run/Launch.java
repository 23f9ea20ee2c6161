// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.BadInputException;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.events.EventLog;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One start of a run, which is undone if it does not get to its end. For one use, by the thread of
 * the host that starts the run; waits for the stores.
 */
final class Launch {
  private final Entrance entrance;
  private final Services services;
  private final Digest settings;
  private final RunTerms terms;
  private final long epoch;
  private final Evidence evidence;
  private boolean recorded;
  private boolean created;
  private @Nullable Held held;

  Launch(Entrance entrance, Digest settings, RunTerms terms, long epoch) {
    this.entrance = entrance;
    this.services = entrance.services();
    this.settings = settings;
    this.terms = terms;
    this.epoch = epoch;
    this.evidence = new Evidence(services, terms, epoch);
  }

  RunHandle go(RunRequest request, Team members, double score) {
    evidence.write(null, LedgerTypes.RUN_STARTED, terms.run() + "/start", started(terms));
    recorded = true;
    RunStore store =
        services.coordination().create(terms).orElseThrow(() -> taken(terms.run(), "coordination"));
    created = true;
    RunMemory memory = new RunMemory(services.checkpoints(), terms.run(), epoch);
    memory.add(new Delta.Opened(terms));
    memory.flush();
    Held lease =
        entrance
            .lead(store, epoch)
            .orElseThrow(() -> new IllegalStateException("the lease of a new run is taken"));
    held = lease;
    EventLog events = new EventLog(terms.run(), services.time(), services.eventThreads());
    RunParts parts =
        new RunParts(
            services,
            request,
            terms,
            store,
            evidence,
            memory,
            events,
            score,
            Duration.ZERO,
            terms.timeout());
    RunCoordinator coordinator = entrance.coordinator(parts, members, lease);
    RunHandle handle = entrance.admit(coordinator);
    coordinator.enqueue();
    return handle;
  }

  void undo() {
    entrance.runs().remove(terms.run());
    Held taken = held;
    if (taken != null) {
      taken.letRunOut();
    }
    if (created) {
      services.coordination().release(terms.run());
    }
    if (recorded) {
      evidence.note(
          null, LedgerTypes.STATUS, terms.run() + "/end", Map.of("status", "NOT_STARTED"));
    }
    services.checkpoints().finish(terms.run(), epoch);
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

  /** The id is used already. */
  static BadInputException taken(RunId run, String store) {
    return new BadInputException(
        "run '" + run + "'",
        "a run of that id in the " + store + " store",
        "an id that is not used",
        "Use another id, or go on with that run by Orchestrator.resume.");
  }
}
