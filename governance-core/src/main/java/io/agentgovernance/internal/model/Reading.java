// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.model;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Payload;
import java.util.List;
import java.util.function.Function;

/** What {@link ReplyReader} made of a reply. */
public sealed interface Reading {

  /** A value that meets the schema. */
  record Usable(Payload value) implements Reading {
    public Usable {
      requireNonNull(value, "value");
    }
  }

  /**
   * No such value.
   *
   * @param reason why, as a closed choice
   * @param problems why, in sentences fit to be sent back to the model; never empty
   */
  record Unusable(Reason reason, List<String> problems) implements Reading {
    public Unusable {
      requireNonNull(reason, "reason");
      problems = List.copyOf(problems);
    }
  }

  /** Why a reply is unusable. */
  enum Reason {
    /** There is no text. */
    EMPTY,
    /** A filter withheld it, or the model refused. */
    REFUSED,
    /** It was cut at the token limit before the value was complete. */
    TRUNCATED,
    /** It broke off on the provider's side before the value was complete. */
    BROKEN_OFF,
    /** The text holds no complete JSON value. */
    NO_JSON,
    /** The value does not meet the schema. */
    SCHEMA
  }

  /** Calls the function of this case; exhaustive, also on Java 17. */
  default <R> R match(Function<Usable, R> usable, Function<Unusable, R> unusable) {
    if (this instanceof Usable reading) {
      return usable.apply(reading);
    } else if (this instanceof Unusable reading) {
      return unusable.apply(reading);
    }
    throw new AssertionError(this);
  }
}
