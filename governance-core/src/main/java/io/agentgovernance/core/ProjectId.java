// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.WireName;

/**
 * The id of a project. Immutable and thread safe.
 *
 * @param value 1 to 63 characters of a-z, 0-9, '_' and '-', the first a letter or digit
 */
public record ProjectId(String value) implements WireName {
  /** Checks the form. */
  public ProjectId {
    Ids.check("project", value);
  }

  /**
   * Makes an id of a text.
   *
   * @throws BadInputException if the text has another form
   */
  public static ProjectId of(String value) {
    return new ProjectId(value);
  }

  /** The same as {@link #of}, for texts that come from outside. */
  public static ProjectId parse(String value) {
    return new ProjectId(value);
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
