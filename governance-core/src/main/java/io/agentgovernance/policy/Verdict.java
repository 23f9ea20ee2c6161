// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.policy;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.function.Function;

/** What a policy says about an action. */
public sealed interface Verdict {

  /** The action may proceed as far as this policy is concerned. */
  record Allow() implements Verdict {
    static final Allow INSTANCE = new Allow();
  }

  /** The action must not happen. */
  record Deny(String rule, String reason) implements Verdict {
    public Deny {
      requireNonNull(rule, "rule");
      requireNonNull(reason, "reason");
    }
  }

  /** A person decides; nobody answering within the time is a denial. */
  record RequireApproval(String question, Duration within) implements Verdict {
    public RequireApproval {
      requireNonNull(question, "question");
      requireNonNull(within, "within");
      if (within.isNegative() || within.isZero()) {
        throw new BadInputException(
            "RequireApproval.within",
            within.toString(),
            "a positive duration",
            "Give people time to answer.");
      }
    }
  }

  /** The action may proceed with this input instead; later policies see the new input. */
  record Rewrite(Payload input, String reason) implements Verdict {
    public Rewrite {
      requireNonNull(input, "input");
      requireNonNull(reason, "reason");
    }
  }

  /** Allows. */
  static Verdict allow() {
    return Allow.INSTANCE;
  }

  /** Denies, naming the rule and the reason. */
  static Verdict deny(String rule, String reason) {
    return new Deny(rule, reason);
  }

  /** Asks a person. */
  static Verdict requireApproval(String question, Duration within) {
    return new RequireApproval(question, within);
  }

  /** Replaces the input. */
  static Verdict rewrite(Payload input, String reason) {
    return new Rewrite(input, reason);
  }

  /** Exhaustive on Java 17: adding a case breaks every caller at compile time. */
  default <R> R match(
      Function<Allow, R> allow,
      Function<Deny, R> deny,
      Function<RequireApproval, R> ask,
      Function<Rewrite, R> rewrite) {
    if (this instanceof Allow a) {
      return allow.apply(a);
    } else if (this instanceof Deny d) {
      return deny.apply(d);
    } else if (this instanceof RequireApproval r) {
      return ask.apply(r);
    } else if (this instanceof Rewrite w) {
      return rewrite.apply(w);
    }
    throw new AssertionError(this);
  }
}
