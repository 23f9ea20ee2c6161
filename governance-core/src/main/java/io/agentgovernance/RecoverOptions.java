// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.Function;

/** Which runs to recover, and how. Immutable; each method returns a changed copy. */
public final class RecoverOptions {
  /** How many runs at most, unless set. */
  public static final int DEFAULT_LIMIT = 100;

  private final int limit;
  private final Function<UnfinishedRun, Optional<ResumeRequest>> requests;

  private RecoverOptions(int limit, Function<UnfinishedRun, Optional<ResumeRequest>> requests) {
    this.limit = limit;
    this.requests = requests;
  }

  /** All runs that nobody is at, with the orchestrator's team and what was left of their time. */
  public static RecoverOptions all() {
    return new RecoverOptions(DEFAULT_LIMIT, run -> Optional.of(ResumeRequest.of(run.run())));
  }

  /** Sets how many runs are looked at, oldest first. If unset, {@value #DEFAULT_LIMIT}. */
  public RecoverOptions limit(int runs) {
    if (runs < 1) {
      throw new BadInputException(
          "RecoverOptions.limit", Integer.toString(runs), "at least 1", "Leave it out for 100.");
    }
    return new RecoverOptions(runs, requests);
  }

  /** Sets how each run is resumed; empty leaves it alone. */
  public RecoverOptions each(Function<UnfinishedRun, Optional<ResumeRequest>> choice) {
    return new RecoverOptions(limit, requireNonNull(choice, "choice"));
  }

  /** How many runs are looked at. */
  public int limit() {
    return limit;
  }

  /** How a run is resumed, if it is. */
  public Optional<ResumeRequest> request(UnfinishedRun run) {
    return requests.apply(run);
  }
}
