// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.PipelineStatus;
import java.util.function.Function;

/** How it came out that a host had joined a run. */
public sealed interface JoinEnd {

  /**
   * The run has ended; its result is with the host that coordinated it, and in the shared stores.
   *
   * @param status its final status
   */
  record RunEnded(PipelineStatus status) implements JoinEnd {
    public RunEnded {
      requireNonNull(status, "status");
    }
  }

  /**
   * The run had lost its coordinator, and this host goes on with all of it.
   *
   * @param run the run, resumed here
   */
  record TakenOver(Orchestration run) implements JoinEnd {
    public TakenOver {
      requireNonNull(run, "run");
    }
  }

  /**
   * This host has nothing to do with the run any more, which goes on, or can be resumed.
   *
   * @param reason why
   */
  record Left(String reason) implements JoinEnd {
    public Left {
      requireNonNull(reason, "reason");
    }
  }

  /** Exhaustive on Java 17: adding a case breaks every caller at compile time. */
  default <R> R match(
      Function<RunEnded, R> ended, Function<TakenOver, R> takenOver, Function<Left, R> left) {
    if (this instanceof RunEnded e) {
      return ended.apply(e);
    } else if (this instanceof TakenOver t) {
      return takenOver.apply(t);
    } else if (this instanceof Left l) {
      return left.apply(l);
    }
    throw new AssertionError(this);
  }
}
