// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentRole;
import java.util.function.Function;

/** How a team comes to a result. */
public sealed interface DecisionRule {

  /**
   * A proposal is accepted by a quorum, then {@code writer} writes the solution.
   *
   * @param writer who writes the solution; whoever is left does if that agent has ended
   */
  record Quorum(AgentRole writer) implements DecisionRule {
    public Quorum {
      requireNonNull(writer, "writer");
    }
  }

  /**
   * The output of one role is the solution.
   *
   * @param role the role
   */
  record ByRole(AgentRole role) implements DecisionRule {
    public ByRole {
      requireNonNull(role, "role");
    }
  }

  /** Every agent's output is part of the solution; completed if every agent completed. */
  record Collect() implements DecisionRule {}

  /** The quorum, with BETA writing the solution. */
  static DecisionRule quorum() {
    return new Quorum(AgentRole.BETA);
  }

  /** The quorum, with {@code writer} writing the solution. */
  static DecisionRule quorum(String writer) {
    return new Quorum(new AgentRole(writer));
  }

  /** The output of {@code role} is the solution. */
  static DecisionRule by(String role) {
    return new ByRole(new AgentRole(role));
  }

  /** All outputs. */
  static DecisionRule collect() {
    return new Collect();
  }

  /** Exhaustive on Java 17: adding a case breaks every caller at compile time. */
  default <R> R match(
      Function<Quorum, R> quorum, Function<ByRole, R> byRole, Function<Collect, R> collect) {
    if (this instanceof Quorum q) {
      return quorum.apply(q);
    } else if (this instanceof ByRole b) {
      return byRole.apply(b);
    } else if (this instanceof Collect c) {
      return collect.apply(c);
    }
    throw new AssertionError(this);
  }
}
