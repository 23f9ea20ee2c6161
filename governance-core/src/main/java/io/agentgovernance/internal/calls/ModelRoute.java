// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ChatModel;
import java.time.Duration;

/**
 * One way to a model. As thread safe as its model, which has to be.
 *
 * @param uri what the host configured, without secrets: {@code
 *     openrouter:anthropic/claude-sonnet-4}
 * @param modelId the model as its provider names it
 * @param model the model
 * @param breaker the breaker of this route, shared by all who use it
 * @param callTimeout how long one attempt may take
 */
public record ModelRoute(
    String uri, String modelId, ChatModel model, Breaker breaker, Duration callTimeout) {
  /** How long one attempt may take if nothing is said. */
  public static final Duration DEFAULT_CALL_TIMEOUT = Duration.ofSeconds(60);

  public ModelRoute {
    requireNonNull(uri, "uri");
    requireNonNull(modelId, "modelId");
    requireNonNull(model, "model");
    requireNonNull(breaker, "breaker");
    if (callTimeout.isNegative() || callTimeout.isZero()) {
      throw new BadInputException(
          "call timeout of route " + uri,
          callTimeout.toString(),
          "a positive duration",
          "The default is " + DEFAULT_CALL_TIMEOUT);
    }
  }

  /** Makes a route with the {@link #DEFAULT_CALL_TIMEOUT}. */
  public static ModelRoute of(String uri, String modelId, ChatModel model, Breaker breaker) {
    return new ModelRoute(uri, modelId, model, breaker, DEFAULT_CALL_TIMEOUT);
  }

  /** Shows the URI. */
  @Override
  public String toString() {
    return "ModelRoute[" + uri + "]";
  }
}
