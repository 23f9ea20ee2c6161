// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import org.jspecify.annotations.Nullable;

/**
 * A secret could not be read; what needs it is denied.
 *
 * <p>The message says which reference, what was found, what was expected and what to do. It never
 * holds the secret, nor anything that came with it.
 */
public class SecretUnavailableException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private static final Redactor SHAPES = Redactor.standard();

  private final Reason reason;
  private final String reference;

  /** Why a secret could not be read. */
  public enum Reason {
    /** Nothing has that name, or it was deleted. */
    ABSENT,
    /** It may be there, but we may not read it. */
    DENIED,
    /** The source refused the credentials it was asked with. */
    LOGIN_REFUSED,
    /** It is kept in a way that lets others read or change it. */
    UNSAFE,
    /** It is there and no secret can be made of it: empty, too large, no text, no such field. */
    UNUSABLE,
    /** The source is down, sealed, too slow or too busy; the same call may succeed later. */
    UNAVAILABLE
  }

  /**
   * Makes an exception whose message is composed of its parts.
   *
   * @param reference the reference; shown unless it looks like a secret itself
   * @param found what was there, without secrets
   * @param expected what would have been accepted
   * @param advice what to do about it, as a sentence
   */
  public SecretUnavailableException(
      Reason reason,
      String reference,
      String found,
      String expected,
      String advice,
      @Nullable Throwable cause) {
    super(
        "secret '%s': found %s, expected %s. %s"
            .formatted(
                SHAPES.redact(requireNonNull(reference, "reference")),
                requireNonNull(found, "found"),
                requireNonNull(expected, "expected"),
                requireNonNull(advice, "advice")),
        cause);
    this.reason = requireNonNull(reason, "reason");
    this.reference = SHAPES.redact(reference);
  }

  /** As with a cause, without one. */
  public SecretUnavailableException(
      Reason reason, String reference, String found, String expected, String advice) {
    this(reason, reference, found, expected, advice, null);
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }

  /** Returns the reference, masked if it looks like a secret itself. */
  public String reference() {
    return reference;
  }

  /** Returns true if the source was {@link Reason#UNAVAILABLE}. */
  @Override
  public boolean retryable() {
    return reason == Reason.UNAVAILABLE;
  }
}
