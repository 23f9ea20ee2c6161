// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.openrouter.OpenRouterChatModel;
import io.agentgovernance.openrouter.OpenRouterChatModelBuilder;
import io.agentgovernance.spi.SecretSource;
import java.util.Optional;

/** How the examples of this package come to a model. */
final class Access {
  private static final String KEY = "OPENROUTER_API_KEY";

  private Access() {}

  /** A server named by the arguments, else OpenRouter if there is a key; else a line of advice. */
  static Optional<OpenRouterChatModelBuilder> to(String[] args) {
    String model =
        args.length > 1
            ? args[1]
            : System.getenv().getOrDefault("OPENROUTER_MODEL", "openrouter/auto");
    if (args.length > 0) {
      return Optional.of(OpenRouterChatModel.builder(model).baseUrl(args[0]));
    }
    if (System.getenv(KEY) == null) {
      System.out.println(
          "No key in "
              + KEY
              + ": make one at https://openrouter.ai/settings/keys and export it, or work without"
              + " a model: ./governance run --mode local \"<objective>\"");
      return Optional.empty();
    }
    return Optional.of(
        OpenRouterChatModel.builder(model)
            .key(SecretSource.environment(System.getenv()), "env:" + KEY));
  }
}
