// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The model errors the router makes itself. */
final class Failures {
  private Failures() {}

  static ModelException aborted(String why, @Nullable Throwable cause) {
    return known(caused(ModelException.of(Kind.ABORTED, "model call: " + why), cause), cause)
        .build();
  }

  /** The reply, if there is one, came after the abort and may be cut off; it was paid for. */
  static ModelException timeout(
      ModelRoute route, Duration limit, @Nullable ChatReply reply, @Nullable Throwable cause) {
    ModelException.Builder error =
        caused(
            ModelException.of(
                Kind.TIMEOUT,
                "route "
                    + route.uri()
                    + ": no reply within "
                    + limit
                    + ". Raise the call timeout or use a quicker model."),
            cause);
    if (reply != null) {
      error.usage(reply.usage());
      if (reply.replyId() != null) {
        error.replyId(reply.replyId());
      }
    }
    return known(error, reply == null ? cause : null).build();
  }

  /** Keeps what is known of the cost. */
  private static ModelException.Builder known(
      ModelException.Builder error, @Nullable Throwable cause) {
    if (cause instanceof ModelException model) {
      model.usage().ifPresent(error::usage);
      model.replyId().ifPresent(error::replyId);
      return knownToCostNothing(model) ? error.costNothing() : error;
    }
    return error;
  }

  /**
   * A model that was cut off may report anything, such as a lost connection, which by itself would
   * cost nothing. Only one that is of a kind that may cost, and says that it did not, is believed.
   */
  private static boolean knownToCostNothing(ModelException error) {
    return !error.mayHaveCost()
        && (error.kind() == Kind.ABORTED
            || error.kind() == Kind.TIMEOUT
            || error.kind() == Kind.MALFORMED_REPLY);
  }

  /** Names the exception's class only: its message may hold secrets or prompt text. */
  static ModelException undocumented(ModelRoute route, Throwable cause) {
    return ModelException.of(
            Kind.UNAVAILABLE,
            "route "
                + route.uri()
                + ": the model threw "
                + Thrown.where(cause)
                + ", expected a ModelException. Repair "
                + route.model().getClass().getName()
                + ".")
        .pointlessToRetry()
        .cause(cause)
        .build();
  }

  static ModelException noReply(ModelRoute route) {
    return ModelException.of(
            Kind.MALFORMED_REPLY,
            "route "
                + route.uri()
                + ": the model returned null, expected a ChatReply. Repair "
                + route.model().getClass().getName()
                + ".")
        .pointlessToRetry()
        .build();
  }

  private static ModelException.Builder caused(
      ModelException.Builder error, @Nullable Throwable cause) {
    return cause == null ? error : error.cause(cause);
  }
}
