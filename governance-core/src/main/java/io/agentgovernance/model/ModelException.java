// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model gave no usable reply. The {@link #kind()} says why, and with it whether another attempt
 * or another model can help. Neither prompt nor reply text belongs in the message.
 *
 * <pre>{@code
 * throw ModelException.of(Kind.RATE_LIMITED, "openrouter: status 429; wait or add credits")
 *     .retryAfter(Duration.ofSeconds(3))
 *     .build();
 * }</pre>
 */
public final class ModelException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  /** Why there is no usable reply. */
  public enum Kind {
    /** Too many requests; wait for {@link ModelException#retryAfter()}. */
    RATE_LIMITED(true, false),
    /** The provider is down, overloaded or cannot be reached. */
    UNAVAILABLE(true, false),
    /** No answer in time. */
    TIMEOUT(true, true),
    /** The provider refuses the request as it is. */
    INVALID_REQUEST(false, false),
    /** The request is longer than the model takes; one with a longer context may take it. */
    TOO_LONG(false, false),
    /** The key is missing, wrong or not permitted. */
    AUTHENTICATION(false, false),
    /** Credit is exhausted. */
    PAYMENT(false, false),
    /** There is no such model, or none within the request's constraints. */
    NOT_FOUND(false, false),
    /** The provider's filter or guardrail blocked the request or the reply. */
    REFUSED(false, false),
    /** The answer does not follow the provider's contract. */
    MALFORMED_REPLY(true, true),
    /** The call was aborted by its caller. */
    ABORTED(false, true);

    private final boolean retryable;
    private final boolean mayHaveCost;

    Kind(boolean retryable, boolean mayHaveCost) {
      this.retryable = retryable;
      this.mayHaveCost = mayHaveCost;
    }

    /** Says whether the same request may succeed later, unless the provider says otherwise. */
    public boolean retryable() {
      return retryable;
    }
  }

  private final Kind kind;
  private final boolean retryable;
  private final @Nullable Duration retryAfter;
  private final transient @Nullable Usage usage;
  private final @Nullable String replyId;
  private final boolean mayHaveCost;

  /** An error that is retryable if its kind is. */
  public ModelException(Kind kind, String message) {
    this(of(kind, message));
  }

  private ModelException(Builder builder) {
    super(builder.message, builder.cause);
    this.kind = builder.kind;
    this.retryable = builder.retryable;
    this.retryAfter = builder.retryAfter;
    this.usage = builder.usage;
    this.replyId = builder.replyId;
    this.mayHaveCost = builder.mayHaveCost;
  }

  /** Begins an error of this kind. */
  public static Builder of(Kind kind, String message) {
    return new Builder(kind, message);
  }

  /** Returns why there is no usable reply. */
  public Kind kind() {
    return kind;
  }

  @Override
  public boolean retryable() {
    return retryable;
  }

  /** Returns how long the provider asks to wait. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** Returns what was consumed all the same, if the provider said so. */
  public Optional<Usage> usage() {
    return Optional.ofNullable(usage);
  }

  /** Returns the provider's id of the broken reply, to ask for its real cost later. */
  public Optional<String> replyId() {
    return Optional.ofNullable(replyId);
  }

  /**
   * Says whether the call may have to be paid for although there is no reply. Unless the provider's
   * client knows better, that is so after a timeout, an abort and a malformed reply.
   */
  public boolean mayHaveCost() {
    return mayHaveCost;
  }

  /** Builds a {@link ModelException}. Not thread safe. */
  public static final class Builder {
    private final Kind kind;
    private final String message;
    private boolean retryable;
    private @Nullable Throwable cause;
    private @Nullable Duration retryAfter;
    private @Nullable Usage usage;
    private @Nullable String replyId;
    private boolean mayHaveCost;

    private Builder(Kind kind, String message) {
      this.kind = requireNonNull(kind, "kind");
      this.message = requireNonNull(message, "message");
      this.retryable = kind.retryable();
      this.mayHaveCost = kind.mayHaveCost;
    }

    /** Sets the cause. If unset, none. */
    public Builder cause(Throwable cause) {
      this.cause = requireNonNull(cause, "cause");
      return this;
    }

    /** Says that the provider allows another attempt. If unset, the kind decides. */
    public Builder worthRetrying() {
      this.retryable = true;
      return this;
    }

    /** Says that the provider rules out another attempt. If unset, the kind decides. */
    public Builder pointlessToRetry() {
      this.retryable = false;
      return this;
    }

    /** Sets how long the provider asks to wait; a negative duration counts as zero. */
    public Builder retryAfter(Duration wait) {
      this.retryAfter = wait.isNegative() ? Duration.ZERO : wait;
      return this;
    }

    /** Sets what was consumed all the same. If unset, unknown. */
    public Builder usage(Usage usage) {
      this.usage = requireNonNull(usage, "usage");
      return this;
    }

    /** Sets the provider's id of the broken reply. If unset, unknown. */
    public Builder replyId(String replyId) {
      this.replyId = requireNonNull(replyId, "replyId");
      return this;
    }

    /** Says that the call may have to be paid for. If unset, the kind decides. */
    public Builder mayHaveCost() {
      this.mayHaveCost = true;
      return this;
    }

    /** Says that the call costs nothing, such as one that was never sent. */
    public Builder costNothing() {
      this.mayHaveCost = false;
      return this;
    }

    /** Makes the exception; its stack trace begins here. */
    public ModelException build() {
      return new ModelException(this);
    }
  }
}
