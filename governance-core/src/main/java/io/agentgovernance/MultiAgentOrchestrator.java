// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.approval.Approvals;
import io.agentgovernance.core.RunId;
import io.agentgovernance.health.HealthManager;
import io.agentgovernance.internal.health.WatchedLedger;
import io.agentgovernance.internal.run.LiveRuns;
import io.agentgovernance.internal.run.RunJoiner;
import io.agentgovernance.internal.run.RunResumer;
import io.agentgovernance.internal.run.RunStarter;
import io.agentgovernance.internal.run.Services;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.AuditLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The orchestrator of teams of agents. Made by {@link Orchestrator#builder()}; thread safe.
 *
 * <p>It owns the threads of agents and of event listeners, and what was named by URI.
 */
public final class MultiAgentOrchestrator implements Orchestrator {
  private static final Log log = Log.of(MultiAgentOrchestrator.class);

  /** How long closing waits for runs: what a stop takes of which no store hears, and a little. */
  private static final Duration RUNS_END = Duration.ofMillis(7_500);

  private static final Duration THREADS_END = Duration.ofSeconds(5);
  private static final Duration LAST_EVENTS = Duration.ofSeconds(2);

  /** How long closing waits in all, and until when for threads. */
  private static final Duration CLOSED = Duration.ofSeconds(10);

  private static final Duration THREADS_LEFT = Duration.ofMillis(8_500);

  private final Services services;
  private final RunStarter starter;
  private final RunResumer resumer;
  private final RunJoiner joiner;
  private final LiveRuns runs;
  private final String description;
  private final Deque<AutoCloseable> opened;
  private final AtomicBoolean closed = new AtomicBoolean();

  MultiAgentOrchestrator(
      Services services,
      RunStarter starter,
      LiveRuns runs,
      String description,
      Deque<AutoCloseable> opened) {
    this.services = services;
    this.starter = starter;
    this.resumer = starter.resumer();
    this.joiner = starter.joiner(resumer);
    this.runs = runs;
    this.description = description;
    this.opened = opened;
  }

  @Override
  public OrchestrationResult run(RunRequest request) {
    Orchestration run = start(request);
    try {
      return run.await();
    } catch (InterruptedException e) {
      StopReport unused = run.stop("the caller of run was interrupted");
      OrchestrationResult result = run.completion().join();
      Thread.currentThread().interrupt();
      return result;
    }
  }

  @Override
  public Orchestration start(RunRequest request) {
    return starter.start(request.cleaned(services.cleaner()));
  }

  @Override
  public Orchestration resume(ResumeRequest request) {
    return resumer.resume(request);
  }

  @Override
  public Joined join(JoinRequest request) {
    return joiner.join(request);
  }

  @Override
  public List<UnfinishedRun> unfinished(int limit) {
    return resumer.unfinished(limit);
  }

  @Override
  public Recovery recover(RecoverOptions options) {
    List<Orchestration> resumed = new ArrayList<>();
    Map<RunId, GovernanceException> refused = new LinkedHashMap<>();
    for (UnfinishedRun run : resumer.orphans(options.limit())) {
      Optional<ResumeRequest> request = options.request(run);
      if (request.isPresent()) {
        try {
          resumed.add(resumer.resume(request.get()));
        } catch (ResumeRefusedException e) {
          if (e.reason() != ResumeRefusedException.Reason.BUSY) {
            refused.put(run.run(), e);
          }
        } catch (GovernanceException e) {
          refused.put(run.run(), e);
        }
      }
    }
    return new Recovery(resumed, refused);
  }

  @Override
  public Optional<Orchestration> find(RunId run) {
    return runs.orchestration(run);
  }

  @Override
  public Approvals approvals() {
    return runs;
  }

  @Override
  public AuditLedger ledger() {
    AuditLedger ledger = services.ledger();
    return ledger instanceof WatchedLedger watched ? watched.real() : ledger;
  }

  @Override
  public HealthManager health() {
    return services.health();
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    long began = services.time().ticks();
    try {
      starter.close("the orchestrator is closed", RUNS_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    services.threads().close();
    services.credentials().close();
    try {
      boolean ended = services.threads().awaitQuiet(within(THREADS_END, began, THREADS_LEFT));
      services.eventThreads().close();
      boolean told = services.eventThreads().awaitQuiet(within(LAST_EVENTS, began, CLOSED));
      log.debug("closed; agents have ended: {}, listeners were told: {}", ended, told);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    services.control().close();
    services.eventThreads().close();
    Assembly.close(opened);
  }

  /** So long, but not longer than until then. */
  private Duration within(Duration atMost, long began, Duration until) {
    Duration left = until.minusNanos(services.time().ticks() - began);
    return left.compareTo(atMost) < 0 ? left : atMost;
  }
}
