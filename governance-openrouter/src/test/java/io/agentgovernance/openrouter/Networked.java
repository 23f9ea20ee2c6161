// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.model.ModelException;

/** Clients of servers that do not behave. */
abstract class Networked {
  static OpenRouterChatModel client(String url) {
    return builder(url).build();
  }

  static OpenRouterChatModelBuilder builder(String url) {
    return OpenRouterChatModel.builder("vendor/asked")
        .baseUrl(url)
        .dialect(Dialect.OPENROUTER)
        .key(TestKeys.SOURCE, "env:OPENROUTER_API_KEY");
  }

  static ModelException failure(OpenRouterChatModel model, TestExchange exchange) {
    try (model) {
      return catchThrowableOfType(ModelException.class, () -> model.chat(Judge.REQUEST, exchange));
    }
  }
}
