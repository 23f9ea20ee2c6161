// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import java.util.Optional;

/**
 * Opens {@code openrouter:<model>}, configured by the settings whose names begin with {@code
 * openrouter.}; {@code docs/openrouter.md} lists them. Thread safe.
 *
 * <p>The key is a reference in {@code openrouter.api-key}. If that is unset it is {@code
 * env:OPENROUTER_API_KEY}, which is sent to openrouter.ai and to nobody else: for another server a
 * key has to be named.
 */
public final class OpenRouterChatModelProvider implements ChatModelProvider {
  /** Found by the service loader. */
  public OpenRouterChatModelProvider() {}

  @Override
  public String scheme() {
    return "openrouter";
  }

  @Override
  public ChatModel open(String rest, ProviderContext context) {
    ProviderSettings settings = new ProviderSettings(context.settings());
    OpenRouterChatModelBuilder builder = OpenRouterChatModel.builder(rest);
    settings.configure(builder);
    builder.time(context.time());
    reference(settings).ifPresent(reference -> key(builder, context, reference));
    return builder.build();
  }

  private static Optional<String> reference(ProviderSettings settings) {
    if (settings.apiKey().isPresent()) {
      return settings.apiKey();
    }
    boolean atOpenRouter =
        settings
            .baseUrl()
            .map(
                url ->
                    Endpoint.of(ProviderSettings.BASE_URL, url, Endpoint.PlainHttp.ANYWHERE)
                        .isOpenRouter())
            .orElse(true);
    return atOpenRouter ? Optional.of(ApiKey.DEFAULT_REFERENCE) : Optional.empty();
  }

  private static void key(
      OpenRouterChatModelBuilder builder, ProviderContext context, String reference) {
    if (!reference.matches("[a-z][a-z0-9+.-]*:.+")) {
      throw new BadInputException(
          ProviderSettings.API_KEY,
          "what is no reference",
          "env:<NAME>, file:<path> or vault:<path>",
          "Store the key there and name that; the key itself never belongs in a setting");
    }
    SecretSource source =
        context
            .secrets()
            .orElseThrow(
                () ->
                    new BadInputException(
                        ProviderSettings.API_KEY,
                        "no source of secrets",
                        "one that reads " + reference,
                        "Give the builder one: secrets(SecretSource.environment())"));
    if (reference.startsWith("env:") || reference.startsWith("file:")) {
      probe(source, reference);
    }
    builder.key(source, reference);
  }

  /** What is on this machine can be looked for now, so that the missing key is not a run's end. */
  private static void probe(SecretSource source, String reference) {
    try (Secret found = source.read(reference)) {
      boolean unused = found.use(value -> value.length > 0);
    } catch (GovernanceException e) {
      if (reference.equals(ApiKey.DEFAULT_REFERENCE)) {
        throw new BadInputException(
            "model",
            "no key of OpenRouter in the variable OPENROUTER_API_KEY",
            "one, or another source named in the setting " + ProviderSettings.API_KEY,
            "Make a key at https://openrouter.ai/settings/keys and export it, or work offline with"
                + " the model local:",
            e);
      }
      throw e instanceof BadInputException
          ? e
          : new BadInputException(
              ProviderSettings.API_KEY,
              "a key that cannot be read",
              "the key under " + reference,
              String.valueOf(e.getMessage()),
              e);
    }
  }
}
