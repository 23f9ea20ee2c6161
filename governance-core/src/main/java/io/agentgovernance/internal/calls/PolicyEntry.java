// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import org.jspecify.annotations.Nullable;

/** A policy in a chain. Its name is read once, its version each time: rules may be reloaded. */
final class PolicyEntry {
  private final Policy policy;
  private final String name;
  private volatile Stamp stamp;

  PolicyEntry(Policy policy) {
    this.policy = requireNonNull(policy, "policy");
    this.name = requireNonNull(policy.name(), "policy.name()");
    this.stamp = new Stamp("?", name + "@?");
  }

  /** Asks the policy. What it returns or throws is not checked here. */
  @Nullable Verdict check(Action action) {
    return policy.check(action);
  }

  /** Reads the version and returns {@code name@version}. */
  String id() {
    String version = policy.version();
    Stamp last = stamp;
    if (!version.equals(last.version)) {
      last = new Stamp(version, name + "@" + version);
      stamp = last;
    }
    return last.id;
  }

  /** Returns {@code name@version} with the version as last read. */
  String lastId() {
    return stamp.id;
  }

  private record Stamp(String version, String id) {}
}
