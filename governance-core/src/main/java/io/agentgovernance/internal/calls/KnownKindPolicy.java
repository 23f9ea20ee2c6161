// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Denies kinds of action that neither the library nor the host has named. Immutable. */
public final class KnownKindPolicy implements Policy {
  /** The rule of its denials. */
  public static final String RULE = "UNKNOWN_KIND";

  private static final Set<String> OWN =
      Set.of(
          Action.MODEL, Action.TOOL, Action.WRITE, Action.MESSAGE, Action.PROPOSAL, Action.BALLOT);

  private final Set<String> known;

  /** Knows the library's kinds only. */
  public KnownKindPolicy() {
    this(Set.of());
  }

  /**
   * Knows further kinds.
   *
   * @param more kinds the host uses besides the library's
   */
  public KnownKindPolicy(Set<String> more) {
    var all = new HashSet<>(OWN);
    all.addAll(more);
    this.known = Set.copyOf(all);
  }

  @Override
  public Verdict check(Action action) {
    return known.contains(action.kind())
        ? Verdict.allow()
        : Verdict.deny(
            RULE,
            "kind '" + action.kind() + "' is not known; known: " + String.join(", ", sorted()));
  }

  private Set<String> sorted() {
    return new TreeSet<>(known);
  }

  @Override
  public String name() {
    return "kind";
  }
}
