// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.WireName;

/**
 * The id of an agent of a run, usually {@code <run>-<role>}. Immutable and thread safe.
 *
 * @param value 1 to 63 characters of a-z, 0-9, '_' and '-', the first a letter or digit
 */
public record AgentId(String value) implements WireName {
  /** Checks the form. */
  public AgentId {
    Ids.check("agent", value);
  }

  /**
   * Makes an id of a text.
   *
   * @throws BadInputException if the text has another form
   */
  public static AgentId of(String value) {
    return new AgentId(value);
  }

  /** The same as {@link #of}, for texts that come from outside. */
  public static AgentId parse(String value) {
    return new AgentId(value);
  }

  @Override
  public String wireName() {
    return value;
  }

  @Override
  public String toString() {
    return value;
  }
}
