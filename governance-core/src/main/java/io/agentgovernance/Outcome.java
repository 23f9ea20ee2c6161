// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * How a run that was started came out. The set of cases is frozen; {@link #match} is exhaustive on
 * Java 17.
 */
public sealed interface Outcome {

  /**
   * The team came to a result.
   *
   * @param solution the solution
   * @param decidedBy {@code QUORUM}, {@code GAMMA}, {@code AUTHOR} (uncontested), or the rule that
   *     took an agent's output
   */
  record Accepted(Payload solution, String decidedBy) implements Outcome {
    public Accepted {
      requireNonNull(solution, "solution");
      requireNonNull(decidedBy, "decidedBy");
    }
  }

  /**
   * Every agent ended and there is no solution.
   *
   * @param reason what is missing
   */
  record NoConsensus(String reason) implements Outcome {
    public NoConsensus {
      requireNonNull(reason, "reason");
    }
  }

  /**
   * The active time was over; what was done is in the result.
   *
   * @param after how much active time the run had
   */
  record TimedOut(Duration after) implements Outcome {
    public TimedOut {
      requireNonNull(after, "after");
    }
  }

  /**
   * Somebody stopped it.
   *
   * @param by who
   * @param reason why
   */
  record Stopped(String by, String reason) implements Outcome {
    public Stopped {
      requireNonNull(by, "by");
      requireNonNull(reason, "reason");
    }
  }

  /**
   * The run rests until a person decides; it goes on by itself then.
   *
   * @param pending the open questions
   */
  record AwaitingApproval(List<ApprovalRequest> pending) implements Outcome {
    public AwaitingApproval {
      pending = List.copyOf(pending);
    }
  }

  /**
   * It failed.
   *
   * @param code an upper-case code from an open set: {@code ALL_AGENTS_FAILED} for agents that all
   *     failed, else what part of the infrastructure did, such as {@code LEDGER}
   * @param message what happened
   */
  record Failed(String code, String message) implements Outcome {
    /** The code of a run all of whose agents failed. */
    public static final String ALL_AGENTS_FAILED = "ALL_AGENTS_FAILED";

    public Failed {
      requireNonNull(code, "code");
      requireNonNull(message, "message");
    }
  }

  /** Exhaustive on Java 17: there will be no further case. */
  default <R> R match(
      Function<Accepted, R> accepted,
      Function<NoConsensus, R> noConsensus,
      Function<TimedOut, R> timedOut,
      Function<Stopped, R> stopped,
      Function<AwaitingApproval, R> awaitingApproval,
      Function<Failed, R> failed) {
    if (this instanceof Accepted a) {
      return accepted.apply(a);
    } else if (this instanceof NoConsensus n) {
      return noConsensus.apply(n);
    } else if (this instanceof TimedOut t) {
      return timedOut.apply(t);
    } else if (this instanceof Stopped s) {
      return stopped.apply(s);
    } else if (this instanceof AwaitingApproval w) {
      return awaitingApproval.apply(w);
    } else if (this instanceof Failed f) {
      return failed.apply(f);
    }
    throw new AssertionError(this);
  }

  /** The one table from outcome to status. */
  default PipelineStatus status() {
    return match(
        accepted -> PipelineStatus.COMPLETED,
        noConsensus -> PipelineStatus.ORCHESTRATION_FAILED,
        timedOut -> PipelineStatus.TIMEOUT,
        stopped -> PipelineStatus.STOPPED,
        awaiting -> PipelineStatus.AWAITING_APPROVAL,
        failed ->
            failed.code().equals(Failed.ALL_AGENTS_FAILED)
                ? PipelineStatus.FAILED
                : PipelineStatus.ORCHESTRATION_ERROR);
  }
}
