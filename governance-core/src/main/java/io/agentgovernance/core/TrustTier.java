// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.WireName;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * How far an agent is trusted. Each tier may do what the one below may, and more:
 *
 * <table>
 * <caption>Default capabilities</caption>
 * <tr><th>tier</th><th>adds</th></tr>
 * <tr><td>T0 observe</td><td>OBSERVE</td></tr>
 * <tr><td>T1 plan and propose</td><td>PLAN, PROPOSE, VOTE</td></tr>
 * <tr><td>T2 execute in a sandbox</td><td>EXECUTE_SANDBOX</td></tr>
 * <tr><td>T3 execute in production</td><td>EXECUTE_PRODUCTION</td></tr>
 * <tr><td>T4 govern</td><td>GOVERN</td></tr>
 * </table>
 */
public enum TrustTier implements WireName {
  /** Observes. */
  T0(0, Capability.OBSERVE),
  /** Plans and proposes. */
  T1(1, Capability.VOTE),
  /** Executes in a sandbox. */
  T2(2, Capability.EXECUTE_SANDBOX),
  /** Executes in production. */
  T3(3, Capability.EXECUTE_PRODUCTION),
  /** Governs. */
  T4(4, Capability.GOVERN);

  private final int level;
  private final Capability highest;

  TrustTier(int level, Capability highest) {
    this.level = level;
    this.highest = highest;
  }

  /**
   * Returns the tier of a level.
   *
   * @throws BadInputException if the level is not 0 to 4
   */
  public static TrustTier ofLevel(int level) {
    for (var tier : values()) {
      if (tier.level == level) {
        return tier;
      }
    }
    throw new BadInputException(
        "trust tier",
        String.valueOf(level),
        "a level from 0 to 4",
        "See TrustTier for what each may do");
  }

  /** Returns the level, 0 to 4. */
  public int level() {
    return level;
  }

  /** Returns what an agent of this tier may do. */
  public Set<Capability> capabilities() {
    return Collections.unmodifiableSet(EnumSet.range(Capability.OBSERVE, highest));
  }

  /** Says whether this tier may do all that the other one may. */
  public boolean covers(TrustTier other) {
    return level >= other.level;
  }

  /** Returns the lower of this tier and the parent's: a child never exceeds its parent. */
  public TrustTier atMost(TrustTier parent) {
    return parent.covers(this) ? this : parent;
  }

  /**
   * Finds the constant with a wire name.
   *
   * @throws io.agentgovernance.BadInputException listing the accepted names if there is none
   */
  public static TrustTier fromWire(String wireName) {
    return Wire.find(TrustTier.class, wireName);
  }

  @Override
  public String wireName() {
    return name();
  }
}
