// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.JoinEnd;
import io.agentgovernance.JoinRequest.WhenLeft;
import io.agentgovernance.Orchestration;
import io.agentgovernance.ResumeRefusedException;
import io.agentgovernance.ResumeRequest;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.StateLostException;
import io.agentgovernance.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether a run still has a coordinator, and takes the run over when it has none. Confined
 * to the decisions about the joined run.
 */
final class Standby {
  private static final Log log = Log.of(Standby.class);

  private final JoinedRun run;
  private final Services services;
  private final RunResumer resumer;
  private final Team team;
  private final WhenLeft whenLeft;
  private final long epoch;
  private TimeSource.@Nullable Timer timer;
  private boolean closed;

  Standby(
      JoinedRun run,
      Services services,
      RunResumer resumer,
      Team team,
      WhenLeft whenLeft,
      long epoch) {
    this.run = run;
    this.services = services;
    this.resumer = resumer;
    this.team = team;
    this.whenLeft = whenLeft;
    this.epoch = epoch;
  }

  /** Begins to watch. Any thread. */
  void begin() {
    run.post(this::lookLater);
  }

  private void lookLater() {
    if (!closed) {
      timer = services.control().after(services.leases().pause(), () -> run.post(this::lookSafely));
    }
  }

  private void lookSafely() {
    if (closed) {
      return;
    }
    try {
      look();
    } catch (CoordinationUnavailableException | CheckpointUnavailableException e) {
      log.debug("run {}: its stores do not answer now", run.run(), e);
      lookLater();
    } catch (StateLostException e) {
      takeOver(null);
    }
  }

  private void look() {
    if (run.store().status().isTerminal()) {
      run.finish(new JoinEnd.RunEnded(run.store().status()));
      return;
    }
    if (services.checkpoints().epoch(run.run()) != epoch) {
      run.cancelAll(Cause.LEASE_LOST);
      run.afterAgents(() -> run.finish(new JoinEnd.Left("another process took the run over")));
      return;
    }
    Held coordinator = services.leases().acquire(run.store(), Lease.COORDINATOR, "").orElse(null);
    if (coordinator == null) {
      lookLater();
    } else if (whenLeft == WhenLeft.TAKE_OVER) {
      takeOver(coordinator);
    } else {
      coordinator.giveBack();
      run.cancelAll(Cause.LEASE_LOST);
      run.afterAgents(() -> run.finish(new JoinEnd.Left("the run has no coordinator")));
    }
  }

  /** Nobody coordinates the run: it is resumed here, once the agents here have stopped. */
  private void takeOver(@Nullable Held coordinator) {
    closed = true;
    log.info("run {}: its coordinator is gone; it is taken over", run.run());
    run.cancelAll(Cause.LEASE_LOST);
    run.afterAgents(
        () -> {
          run.remember();
          if (run.release()) {
            if (coordinator != null) {
              coordinator.giveBack();
            }
            JoinEnd end = resume();
            run.store().detach();
            run.complete(end);
          }
        });
  }

  private JoinEnd resume() {
    try {
      Command.SetStatus end =
          Past.read(services.checkpoints(), run.run()).map(Past::end).orElse(null);
      if (end != null) { // this process stood still, and has not heard of the end
        return new JoinEnd.RunEnded(end.status());
      }
      Orchestration resumed = resumer.resume(ResumeRequest.of(run.run()).team(team));
      return new JoinEnd.TakenOver(resumed);
    } catch (ResumeRefusedException e) {
      return new JoinEnd.Left(
          e.reason() == ResumeRefusedException.Reason.BUSY
              ? "another process took the run over"
              : String.valueOf(e.getMessage()));
    } catch (GovernanceException e) {
      log.warn("run {}: it could not be taken over", run.run(), e);
      return new JoinEnd.Left("it could not be taken over: " + e.getMessage());
    }
  }

  void close() {
    closed = true;
    TimeSource.Timer armed = timer;
    if (armed != null) {
      armed.cancel();
    }
  }
}
