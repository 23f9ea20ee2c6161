// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.WireName;

/**
 * The id of a run, {@code pipeline_id} on the wire. It covers pipeline and orchestration. Immutable
 * and thread safe.
 *
 * @param value 1 to 63 characters of a-z, 0-9, '_' and '-', the first a letter or digit
 */
public record RunId(String value) implements WireName {
  /** Checks the form. */
  public RunId {
    Ids.check("run", value);
  }

  /**
   * Makes an id of a text.
   *
   * @throws BadInputException if the text has another form
   */
  public static RunId of(String value) {
    return new RunId(value);
  }

  /** The same as {@link #of}, for texts that come from outside. */
  public static RunId parse(String value) {
    return new RunId(value);
  }

  /** Makes a new id: 26 characters, a lower-case ULID, so that ids sort by their time. */
  public static RunId random() {
    return new RunId(Ulid.next());
  }

  /**
   * Returns the id of this run's agent in a role: {@code <run>-<role>}, lower case.
   *
   * @throws BadInputException if that is longer than 63 characters
   */
  public AgentId agent(AgentRole role) {
    return new AgentId(value + "-" + role.key());
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
