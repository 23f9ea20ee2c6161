// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.agent.Team;
import io.agentgovernance.core.RunId;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which run to resume, and how. Immutable; each method returns a changed copy. Objective, inputs,
 * documents and budget are those the run was started with.
 */
public final class ResumeRequest {
  private final RunId run;
  private final @Nullable Team team;
  private final @Nullable Duration timeout;

  private ResumeRequest(RunId run, @Nullable Team team, @Nullable Duration timeout) {
    this.run = run;
    this.team = team;
    this.timeout = timeout;
  }

  /** A request to resume a run. */
  public static ResumeRequest of(RunId run) {
    return new ResumeRequest(requireNonNull(run, "run"), null, null);
  }

  /** Sets the team, the same as the run was started with. If unset, the orchestrator's. */
  public ResumeRequest team(Team team) {
    return new ResumeRequest(run, requireNonNull(team, "team"), timeout);
  }

  /** Sets how much active time the run has from now on. If unset, what was left of its own. */
  public ResumeRequest timeout(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new BadInputException(
          "ResumeRequest.timeout",
          timeout.toString(),
          "a positive duration",
          "Leave it out to give the run what was left of its time.");
    }
    return new ResumeRequest(run, team, timeout);
  }

  /** The run. */
  public RunId run() {
    return run;
  }

  /** The team, if it is not the orchestrator's. */
  public Optional<Team> team() {
    return Optional.ofNullable(team);
  }

  /** The active time from now on, if it is not what was left. */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }
}
