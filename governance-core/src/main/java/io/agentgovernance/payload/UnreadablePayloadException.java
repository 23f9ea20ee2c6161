// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import io.agentgovernance.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * A payload cannot be read as the asked type. {@link #where()} ends with the JSON pointer of the
 * value that does not fit; the value itself is not in the message.
 */
public final class UnreadablePayloadException extends BadInputException {
  private static final long serialVersionUID = 1L;

  UnreadablePayloadException(
      String where, String found, String expected, String advice, @Nullable Throwable cause) {
    super(where, found, expected, advice, cause);
  }
}
