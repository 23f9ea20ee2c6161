// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link Command}: its status, the sequence of the change it made, and its result.
 *
 * <p>Immutable.
 *
 * @param status whether the command took effect
 * @param sequence the sequence of the change; 0 when nothing changed
 * @param result the command's own result; absent when refused
 * @param reason a short upper-case code that tells refusals apart, empty when accepted
 * @param <R> the type of the result
 */
public record Applied<R>(Status status, long sequence, @Nullable R result, String reason) {

  /** The closed set of answers of a coordination store. */
  public enum Status {
    /** The command took effect. */
    OK,
    /** The same command took effect before; the result is the one of then. */
    DUP,
    /** The state does not allow it; {@link Applied#reason()} says why. */
    CONFLICT,
    /** The caller's lease is not the current one. */
    FENCED,
    /** The agent is revoked. */
    REVOKED,
    /** The run is stopped or has ended. */
    STOPPED
  }

  public Applied {
    requireNonNull(status, "status");
    requireNonNull(reason, "reason");
  }

  /** An accepted command. */
  public static <R> Applied<R> ok(long sequence, @Nullable R result) {
    return new Applied<>(Status.OK, sequence, result, "");
  }

  /** A repeated command with the result of its first time. */
  public static <R> Applied<R> dup(long sequence, @Nullable R result) {
    return new Applied<>(Status.DUP, sequence, result, "");
  }

  /** A refused command. */
  public static <R> Applied<R> refused(Status status, String reason) {
    return new Applied<>(status, 0, null, reason);
  }

  /** Whether the effect is there: {@code OK} or {@code DUP}. */
  public boolean accepted() {
    return status == Status.OK || status == Status.DUP;
  }

  /** The result, if there is one. */
  public Optional<R> value() {
    return Optional.ofNullable(result);
  }

  /**
   * The result of an accepted command.
   *
   * @throws IllegalStateException if the command was refused or has no result
   */
  public R orThrow() {
    R value = result;
    if (value == null) {
      throw new IllegalStateException(
          "no result: the command was answered " + status + " " + reason);
    }
    return value;
  }
}
