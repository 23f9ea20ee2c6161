// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

/** Who is told when a log grows. */
interface Follower {

  /** Takes note of a new entry, in order, under the log's lock: short, and no foreign code. */
  void offer(LogEntry entry);

  /** Passes on what was offered, after the log's lock was given back. */
  void wake();

  /** As {@link #wake}, and nothing will be offered any more. */
  void finish();
}
