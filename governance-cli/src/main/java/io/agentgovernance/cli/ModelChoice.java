// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.Settings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which models a run uses, from {@code --mode}, {@code --model} and {@code --base-url}.
 *
 * @param mode which kind
 * @param uris the models in the order of fallback
 * @param baseUrl where they are, if not at OpenRouter
 * @param apiKey where their key is, by reference, if that was said
 */
record ModelChoice(
    Mode mode, List<String> uris, Optional<String> baseUrl, Optional<String> apiKey) {
  private static final String OPENROUTER_PREFIX = "openrouter:";
  private static final String TO_OPENROUTER = "add --mode openrouter";

  /** Which kind of model. */
  enum Mode {
    /** The deterministic stand-in, which needs no network. */
    LOCAL,
    /** OpenRouter, or anything that speaks the same protocol. */
    OPENROUTER
  }

  ModelChoice {
    uris = List.copyOf(uris);
  }

  /**
   * Reads the options.
   *
   * @throws BadInputException if they do not go together
   */
  static ModelChoice of(
      @Nullable String mode,
      List<String> models,
      @Nullable String baseUrl,
      @Nullable String apiKey,
      Settings settings) {
    if (mode(mode) == Mode.LOCAL) {
      if (!models.isEmpty()) {
        throw new BadInputException(
            "--model",
            "a model in local mode",
            "none, because local mode has a stand-in of its own",
            "Leave it out, or " + TO_OPENROUTER);
      }
      if (baseUrl != null) {
        throw new BadInputException(
            "--base-url",
            "a URL in local mode",
            "none, because local mode uses no network",
            "Leave it out, or " + TO_OPENROUTER);
      }
      if (apiKey != null) {
        throw new BadInputException(
            "--api-key",
            "a key in local mode",
            "none, because local mode uses no network",
            "Leave it out, or " + TO_OPENROUTER);
      }
      return new ModelChoice(Mode.LOCAL, List.of("local:"), Optional.empty(), Optional.empty());
    }
    List<String> names =
        models.isEmpty()
            ? List.of(settings.openRouterModel().orElse(Settings.DEFAULT_OPENROUTER_MODEL))
            : models.stream().map(ModelChoice::name).toList();
    return new ModelChoice(
        Mode.OPENROUTER,
        names.stream().distinct().map(OPENROUTER_PREFIX::concat).toList(),
        Optional.ofNullable(baseUrl).map(ModelChoice::url),
        Optional.ofNullable(apiKey).map(ModelChoice::reference));
  }

  /** The models as they were named; empty in local mode. */
  List<String> names() {
    return mode == Mode.LOCAL
        ? List.of()
        : uris.stream().map(uri -> uri.substring(OPENROUTER_PREFIX.length())).toList();
  }

  private static Mode mode(@Nullable String text) {
    if (text == null || text.equals("local")) {
      return Mode.LOCAL;
    }
    if (text.equals("openrouter")) {
      return Mode.OPENROUTER;
    }
    throw new BadInputException(
        "--mode",
        text.isBlank() ? "an empty text" : "'" + Plain.cut(Plain.line(text), 40) + "'",
        "local or openrouter",
        "Write --mode local to run without a network");
  }

  private static String name(String text) {
    if (text.startsWith(OPENROUTER_PREFIX)) {
      throw new BadInputException(
          "--model", "a name with a scheme", "the model's name alone", "Remove 'openrouter:'");
    }
    try {
      return Settings.builder().openRouterModel(text).build().openRouterModel().orElse(text);
    } catch (BadInputException e) {
      throw new BadInputException("--model", e.found(), e.expected(), e.advice(), e);
    }
  }

  /** Never repeats the text: it may be the key. */
  private static String reference(String text) {
    if (!text.matches("(env:[A-Za-z_][A-Za-z0-9_]*|(file|vault):\\S.*)")) {
      throw new BadInputException(
          "--api-key",
          "what is no reference",
          "env:<NAME>, file:<path> or vault:<path>",
          "Store the key there and name that; what is written on a command line others can read");
    }
    return text;
  }

  private static String url(String text) {
    String expected = "http:// or https:// with a host, such as https://openrouter.ai/api/v1";
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getRawUserInfo() != null || uri.getRawQuery() != null) {
        throw new BadInputException(
            "--base-url",
            "a URL with a user or parameters",
            expected,
            "Remove them; keys never belong in a URL");
      }
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getRawFragment() == null) {
        return text;
      }
    } catch (URISyntaxException e) {
      throw new BadInputException("--base-url", "a text that is no URL", expected, "Correct it", e);
    }
    throw new BadInputException(
        "--base-url", "something else", expected, "Write the whole URL up to the version");
  }
}
