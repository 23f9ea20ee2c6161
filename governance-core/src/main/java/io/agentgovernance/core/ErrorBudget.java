// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.WireName;
import java.util.Optional;

/**
 * How many errors an agent may make. Reaching a limit revokes it: with {@link #DEFAULT} the 8th
 * error, the 2nd repeat (3rd occurrence) of one error, or the 1st violation. Immutable and thread
 * safe; the counting is elsewhere, the arithmetic is here.
 *
 * @param maxTotalErrors errors of any kind, at least 1
 * @param maxSameErrorRepeats repeats of one error after its first occurrence, at least 1
 * @param maxProcedureViolations {@link ProcedureViolation}s, at least 1
 */
public record ErrorBudget(int maxTotalErrors, int maxSameErrorRepeats, int maxProcedureViolations) {
  /** 8 errors, 2 repeats of one, 1 violation. */
  public static final ErrorBudget DEFAULT = new ErrorBudget(8, 2, 1);

  private static final int WARNED_BY_SHARE = 5;

  /** Checks that each limit is at least 1. */
  public ErrorBudget {
    check(Breach.TOTAL_ERRORS, maxTotalErrors);
    check(Breach.SAME_ERROR_REPEATS, maxSameErrorRepeats);
    check(Breach.PROCEDURE_VIOLATIONS, maxProcedureViolations);
  }

  /** The limit that was reached. */
  public enum Breach implements WireName {
    /** {@link ErrorBudget#maxTotalErrors()} was reached. */
    TOTAL_ERRORS("max_total_errors"),
    /** {@link ErrorBudget#maxSameErrorRepeats()} was reached. */
    SAME_ERROR_REPEATS("max_same_error_repeats"),
    /** {@link ErrorBudget#maxProcedureViolations()} was reached. */
    PROCEDURE_VIOLATIONS("max_procedure_violations");

    private final String wireName;

    Breach(String wireName) {
      this.wireName = wireName;
    }

    /**
     * Finds the constant with a wire name.
     *
     * @throws BadInputException listing the accepted names if there is none
     */
    public static Breach fromWire(String wireName) {
      return Wire.find(Breach.class, wireName);
    }

    @Override
    public String wireName() {
      return wireName;
    }
  }

  /**
   * Returns the limit that these counts reach; of several the gravest: violations, then repeats,
   * then the total.
   *
   * @param total errors so far
   * @param sameRepeats repeats so far of the error repeated most
   * @param violations procedure violations so far
   */
  public Optional<Breach> breach(int total, int sameRepeats, int violations) {
    if (violations >= maxProcedureViolations) {
      return Optional.of(Breach.PROCEDURE_VIOLATIONS);
    }
    if (sameRepeats >= maxSameErrorRepeats) {
      return Optional.of(Breach.SAME_ERROR_REPEATS);
    }
    return total >= maxTotalErrors ? Optional.of(Breach.TOTAL_ERRORS) : Optional.empty();
  }

  /** Returns the limit a breach is about. */
  public int limit(Breach of) {
    return switch (of) {
      case TOTAL_ERRORS -> maxTotalErrors;
      case SAME_ERROR_REPEATS -> maxSameErrorRepeats;
      case PROCEDURE_VIOLATIONS -> maxProcedureViolations;
    };
  }

  /**
   * Returns the count at which the agent is warned that a limit comes near: four fifths of it,
   * rounded up; one less than it if it is below 5; {@link Integer#MAX_VALUE}, that is never, for a
   * limit of 1.
   */
  public static int warnAt(int limit) {
    if (limit >= WARNED_BY_SHARE) {
      return (int) ((limit * 4L + 4) / 5);
    }
    return limit > 1 ? limit - 1 : Integer.MAX_VALUE;
  }

  /** Returns the total at which the plan is clarified: half of the limit, rounded up. */
  public int clarifyAt() {
    return maxTotalErrors / 2 + maxTotalErrors % 2;
  }

  /**
   * Says whether the plan is due for its one clarification: at {@link #clarifyAt()} errors or at
   * the first repeat.
   */
  public boolean needsClarification(int total, int sameRepeats) {
    return total >= clarifyAt() || sameRepeats >= 1;
  }

  private static void check(Breach of, int limit) {
    if (limit < 1) {
      throw new BadInputException(
          "error budget " + of.wireName(),
          String.valueOf(limit),
          "at least 1",
          "A limit is reached by its count, so 1 allows none");
    }
  }
}
