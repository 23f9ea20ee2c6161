// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.policy;

/**
 * Decides whether an agent's action may proceed.
 *
 * <p>Policies form a chain: the library's own rules first (tier, tools granted), then the host's in
 * the order they were added. The first denial ends it; a rewrite changes what later policies see;
 * the first request for approval is remembered and asked when nobody denied. What throws, returns
 * null or takes longer than the policy timeout denies.
 *
 * <p>Implementations are thread safe and quick: they are called on the agent's thread before every
 * action.
 */
@FunctionalInterface
public interface Policy {

  /** Says whether the action may proceed. */
  Verdict check(Action action);

  /** The name in verdicts and the ledger. Default: the simple name of the class. */
  default String name() {
    String name = getClass().getSimpleName();
    return name.isEmpty() || name.contains("$$Lambda") ? "policy" : name;
  }

  /** The version in verdicts and the ledger; change it with the rules. Default: {@code 1}. */
  default String version() {
    return "1";
  }

  /** The same rules under a name and version. */
  default Policy named(String name, String version) {
    Policy rules = this;
    return new Policy() {
      @Override
      public Verdict check(Action action) {
        return rules.check(action);
      }

      @Override
      public String name() {
        return name;
      }

      @Override
      public String version() {
        return version;
      }
    };
  }
}
