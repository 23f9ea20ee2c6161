// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.WireName;

/**
 * The id of a tenant. Immutable and thread safe.
 *
 * @param value 1 to 63 characters of a-z, 0-9, '_' and '-', the first a letter or digit
 */
public record TenantId(String value) implements WireName {
  /** Checks the form. */
  public TenantId {
    Ids.check("tenant", value);
  }

  /**
   * Makes an id of a text.
   *
   * @throws BadInputException if the text has another form
   */
  public static TenantId of(String value) {
    return new TenantId(value);
  }

  /** The same as {@link #of}, for texts that come from outside. */
  public static TenantId parse(String value) {
    return new TenantId(value);
  }

  /** The tenant of a host that has no tenants. */
  public static final TenantId DEFAULT = new TenantId("default");

  @Override
  public String wireName() {
    return value;
  }

  @Override
  public String toString() {
    return value;
  }
}
