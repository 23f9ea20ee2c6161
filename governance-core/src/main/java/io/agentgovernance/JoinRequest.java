// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which roles of a run this host runs, while another host coordinates it. Immutable; each method
 * returns a changed copy.
 *
 * <pre>{@code
 * Joined joined = orchestrator.join(JoinRequest.of(run).roles("BETA"));
 * }</pre>
 */
public final class JoinRequest {
  /** What a joined host does when the run has lost its coordinator. */
  public enum WhenLeft {
    /** It resumes the run, in this host. */
    TAKE_OVER,
    /** It leaves the run to others. */
    LEAVE
  }

  private final RunId run;
  private final Set<AgentRole> roles;
  private final @Nullable Team team;
  private final WhenLeft whenLeft;

  private JoinRequest(RunId run, Set<AgentRole> roles, @Nullable Team team, WhenLeft whenLeft) {
    this.run = run;
    this.roles = roles;
    this.team = team;
    this.whenLeft = whenLeft;
  }

  /** A request to join a run, at first without a role: such a host only stands by. */
  public static JoinRequest of(RunId run) {
    return new JoinRequest(requireNonNull(run, "run"), Set.of(), null, WhenLeft.TAKE_OVER);
  }

  /** Adds roles, which the run was started without: {@link RunRequest#elsewhere}. */
  public JoinRequest roles(String... more) {
    Set<AgentRole> all = new LinkedHashSet<>(roles);
    for (String role : more) {
      all.add(AgentRole.of(role));
    }
    return new JoinRequest(run, Collections.unmodifiableSet(all), team, whenLeft);
  }

  /** Sets the team, the same as the run was started with. If unset, the orchestrator's. */
  public JoinRequest team(Team team) {
    return new JoinRequest(run, roles, requireNonNull(team, "team"), whenLeft);
  }

  /** Sets what to do when the run has lost its coordinator. If unset, it is taken over. */
  public JoinRequest whenLeft(WhenLeft whenLeft) {
    return new JoinRequest(run, roles, team, requireNonNull(whenLeft, "whenLeft"));
  }

  /** The run. */
  public RunId run() {
    return run;
  }

  /** The roles to run here. */
  public Set<AgentRole> roles() {
    return roles;
  }

  /** The team, if it is not the orchestrator's. */
  public Optional<Team> team() {
    return Optional.ofNullable(team);
  }

  /** What to do when the run has lost its coordinator. */
  public WhenLeft whenLeft() {
    return whenLeft;
  }
}
