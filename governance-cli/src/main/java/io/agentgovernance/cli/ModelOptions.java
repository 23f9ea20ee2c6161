// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.Settings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which models a run asks. */
final class ModelOptions {
  @Option(
      names = "--mode",
      paramLabel = "local|openrouter",
      description =
          "local (default): a deterministic stand-in for a model, offline, at no cost."
              + " openrouter: language models.")
  private @Nullable String mode;

  @Option(
      names = "--model",
      paramLabel = "<id>",
      description = "A model, in openrouter mode. Repeatable, in the order of fallback.")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--base-url",
      paramLabel = "<url>",
      description = "Another server that speaks OpenRouter's protocol, in openrouter mode.")
  private @Nullable String baseUrl;

  @Option(
      names = "--api-key",
      paramLabel = "<reference>",
      description =
          "Where the key of the models is, in openrouter mode: env:<NAME>, file:<path> or"
              + " vault:<path>. Never the key itself. Default: env:OPENROUTER_API_KEY, which is"
              + " sent to openrouter.ai only.")
  private @Nullable String apiKey;

  ModelOptions() {}

  /** Whether a mode was named. */
  boolean named() {
    return mode != null;
  }

  ModelChoice choice(Settings settings) {
    return ModelChoice.of(mode, models, baseUrl, apiKey, settings);
  }

  /** What was said here, and else what the run was started with. */
  ModelChoice choice(Settings settings, RunFile started) {
    if (mode != null || !models.isEmpty()) {
      return choice(settings);
    }
    return ModelChoice.of(
        started.mode(),
        started.models(),
        baseUrl == null ? started.baseUrl() : baseUrl,
        apiKey == null ? started.apiKey() : apiKey,
        settings);
  }
}
