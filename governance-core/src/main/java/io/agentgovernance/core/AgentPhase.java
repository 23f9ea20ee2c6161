// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.payload.WireName;
import java.util.Optional;

/**
 * A step of an agent's life. The eight phases up to {@link #EXIT} are passed in order and none is
 * skipped; {@link #REVOKED} can follow any of them. Immutable.
 */
public enum AgentPhase implements WireName {
  /** The agent starts and authenticates. */
  BOOTSTRAP,
  /** What it needs is checked: sandbox, inventory, dependencies. */
  PREFLIGHT,
  /** The plan is made and validated. */
  PLAN,
  /** The planned actions are performed. */
  EXECUTE,
  /** The results are validated. */
  VERIFY,
  /** Artifacts and evidence are bundled. */
  PACKAGE,
  /** The completion report is written. */
  REPORT,
  /** Resources are released; the regular end. */
  EXIT,
  /** The agent was revoked; the other end. */
  REVOKED;

  /** Returns the phase after this one; none after {@link #EXIT} and {@link #REVOKED}. */
  public Optional<AgentPhase> next() {
    return switch (this) {
      case BOOTSTRAP -> Optional.of(PREFLIGHT);
      case PREFLIGHT -> Optional.of(PLAN);
      case PLAN -> Optional.of(EXECUTE);
      case EXECUTE -> Optional.of(VERIFY);
      case VERIFY -> Optional.of(PACKAGE);
      case PACKAGE -> Optional.of(REPORT);
      case REPORT -> Optional.of(EXIT);
      case EXIT, REVOKED -> Optional.empty();
    };
  }

  /** Says whether an agent in this phase has ended. */
  public boolean isTerminal() {
    return this == EXIT || this == REVOKED;
  }

  /** Returns how finished the outputs of this phase are; {@link #REVOKED} has none. */
  public Optional<OutputType> outputType() {
    return switch (this) {
      case BOOTSTRAP, PREFLIGHT -> Optional.of(OutputType.ALPHA);
      case PLAN, EXECUTE -> Optional.of(OutputType.BETA);
      case VERIFY, PACKAGE, REPORT, EXIT -> Optional.of(OutputType.GAMMA);
      case REVOKED -> Optional.empty();
    };
  }

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static AgentPhase fromWire(String wireName) {
    return Wire.find(AgentPhase.class, wireName);
  }

  @Override
  public String wireName() {
    return name();
  }
}
