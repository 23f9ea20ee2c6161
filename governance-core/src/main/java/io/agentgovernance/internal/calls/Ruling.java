// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.policy.Action;
import java.time.Duration;
import java.util.function.Function;

/** What a whole policy chain says about an action. Immutable. */
public sealed interface Ruling {

  /**
   * The action may proceed.
   *
   * @param action the action, with the input the policies left it with
   * @param policies all policies asked, in order: {@code name@version,name@version}
   */
  record Allowed(Action action, String policies) implements Ruling {
    public Allowed {
      requireNonNull(action, "action");
      requireNonNull(policies, "policies");
    }
  }

  /**
   * The action must not happen.
   *
   * @param policy who says so, {@code name@version}
   * @param rule the policy's rule, or one of {@link PolicyChain}'s
   * @param reason why, without the action's input
   */
  record Denied(String policy, String rule, String reason) implements Ruling {
    public Denied {
      requireNonNull(policy, "policy");
      requireNonNull(rule, "rule");
      requireNonNull(reason, "reason");
    }
  }

  /**
   * The action may proceed if a person agrees.
   *
   * @param action the action to be approved, with the input the policies left it with
   * @param policy the first policy that asked, {@code name@version}
   * @param question what it asks
   * @param within how long the answer may take
   * @param policies all policies asked, in order: {@code name@version,name@version}
   */
  record ApprovalNeeded(
      Action action, String policy, String question, Duration within, String policies)
      implements Ruling {
    public ApprovalNeeded {
      requireNonNull(action, "action");
      requireNonNull(policy, "policy");
      requireNonNull(question, "question");
      requireNonNull(within, "within");
      requireNonNull(policies, "policies");
    }
  }

  /** Exhaustive on Java 17: adding a case breaks every caller at compile time. */
  default <R> R match(
      Function<Allowed, R> allowed, Function<Denied, R> denied, Function<ApprovalNeeded, R> ask) {
    if (this instanceof Allowed a) {
      return allowed.apply(a);
    } else if (this instanceof Denied d) {
      return denied.apply(d);
    } else if (this instanceof ApprovalNeeded n) {
      return ask.apply(n);
    }
    throw new AssertionError(this);
  }
}
