// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import java.time.Duration;

/**
 * Makes the exceptions of one server: what went wrong, where, and what to do about it. Immutable
 * and thread safe.
 *
 * @param server the server's name for messages
 * @param keyName where its key comes from, as a reference
 * @param dialect what kind of server it is
 */
record Errors(String server, String keyName, Dialect dialect) {
  private static final String KEYS_PAGE = "https://openrouter.ai/settings/keys";
  private static final String CREDITS_PAGE = "https://openrouter.ai/settings/credits";
  private static final String PRIVACY_PAGE = "https://openrouter.ai/settings/privacy";
  private static final String MODELS_PAGE = "https://openrouter.ai/models";

  /** An exception for what a server said. */
  ModelException.Builder of(ServerError error, String model, Excerpt excerpt) {
    Kind kind = ErrorKinds.of(error);
    StringBuilder message = new StringBuilder(server).append(": ");
    message.append(error.status() == 0 ? "an error" : "status " + error.status());
    if (!error.label().isEmpty()) {
      message.append(" (").append(excerpt.of(error.label())).append(')');
    }
    message.append(" for model '").append(model).append('\'');
    if (!error.provider().isEmpty()) {
      message.append(", provider ").append(excerpt.of(error.provider()));
    }
    message.append(": ").append(meaning(kind, error));
    String said = kind == Kind.REFUSED ? "" : excerpt.of(error.message());
    if (!said.isEmpty()) {
      message.append("; it said: \"").append(said).append('"');
    }
    message.append(". ").append(advice(kind, error, model));
    ModelException.Builder made = ModelException.of(kind, message.toString());
    Boolean retryable = error.retryable();
    if (retryable != null) {
      made = retryable ? made.worthRetrying() : made.pointlessToRetry();
    } else if (kind == Kind.UNAVAILABLE && pointless(error)) {
      made = made.pointlessToRetry();
    }
    Duration wait = error.retryAfter();
    return wait == null ? made : made.retryAfter(wait);
  }

  private static boolean pointless(ServerError error) {
    return error.status() == 501 || error.status() == 505;
  }

  private static String meaning(Kind kind, ServerError error) {
    return switch (kind) {
      case RATE_LIMITED -> "too many requests";
      case UNAVAILABLE -> "not available";
      case TIMEOUT -> "no answer in time";
      case INVALID_REQUEST ->
          error.status() >= 300 && error.status() < 400
              ? "a redirect, which is not followed"
              : "the request was not accepted";
      case TOO_LONG -> "the request is too long for this model";
      case AUTHENTICATION ->
          error.status() == 403
              ? "the key is not permitted to do this"
              : "the key is missing, wrong or disabled";
      case PAYMENT -> "the credit of the account or of the key is used up";
      case NOT_FOUND -> notFound(error);
      case REFUSED -> "a filter or a guardrail blocked it";
      case MALFORMED_REPLY, ABORTED -> "it went wrong";
    };
  }

  private static String notFound(ServerError error) {
    return switch (error.availability()) {
      case "model_deprecated" -> "the model was retired";
      case "free_variant_ended" -> "the free variant has ended";
      case "privacy_restricted" -> "no provider meets the data policy";
      case "region_restricted" -> "not offered in this region";
      case "constraint_filtered" -> "no provider meets the request's constraints";
      case "wrong_endpoint" -> "the model is not one for chats";
      default -> "no such model, or nobody who serves it";
    };
  }

  private String advice(Kind kind, ServerError error, String model) {
    String other =
        error.instead().isEmpty()
            ? ""
            : " Use instead: " + String.join(", ", error.instead()) + ".";
    return switch (kind) {
      case RATE_LIMITED -> {
        Duration wait = error.retryAfter();
        yield (wait == null
                ? "Wait, "
                : "Wait " + ServerError.seconds(wait).toPlainString() + " s, ")
            + "ask less often, or add a fallback model."
            + (model.endsWith(":free") ? " Free models have a small quota for each day." : "")
            + other;
      }
      case UNAVAILABLE -> "Try again later, or add a fallback model." + other;
      case TIMEOUT -> "Raise the call timeout, or add a fallback model." + other;
      case INVALID_REQUEST -> invalid(error) + other;
      case TOO_LONG ->
          "Shorten the prompt, lower maxTokens, or add a fallback model with a longer context."
              + other;
      case AUTHENTICATION -> error.status() == 403 ? permission() : key();
      case PAYMENT -> payment();
      case NOT_FOUND -> elsewhere(error) + other;
      case REFUSED -> "Change the prompt, the data in it, or the account's guardrails.";
      case MALFORMED_REPLY, ABORTED -> "Try again.";
    };
  }

  private static String invalid(ServerError error) {
    if (error.status() >= 300 && error.status() < 400) {
      return "Give the base URL that the server itself uses.";
    }
    return "Correct the request, or leave out options this model does not know.";
  }

  private String key() {
    if (keyName.isEmpty()) {
      return "No key was sent: name one for this server in the setting openrouter.api-key, such as"
          + " env:MY_KEY or vault:<path>; OPENROUTER_API_KEY is only sent to openrouter.ai.";
    }
    String where = keySource();
    return dialect == Dialect.OPENROUTER
        ? "Check " + where + "; make a key at " + KEYS_PAGE + "."
        : "Check " + where + ".";
  }

  /** What to look at, in the words of whoever stored it. */
  String keySource() {
    if (keyName.startsWith("env:")) {
      return "the variable " + keyName.substring("env:".length());
    } else if (keyName.startsWith("vault:")) {
      return "the Vault entry secret/data/"
          + keyName.substring("vault:".length())
          + " (field api_key)";
    } else if (keyName.startsWith("file:")) {
      return "the file " + keyName.substring("file:".length());
    }
    return keyName.isEmpty() ? "the key" : "the key given as " + keyName;
  }

  private String permission() {
    return dialect == Dialect.OPENROUTER
        ? "Check the rights of " + keySource() + " at " + KEYS_PAGE + ", or use another model."
        : "Check the rights of " + keySource() + ", or use another model.";
  }

  private String payment() {
    return dialect == Dialect.OPENROUTER
        ? "Add credit at "
            + CREDITS_PAGE
            + ", or raise the limit of "
            + keySource()
            + " at "
            + KEYS_PAGE
            + "; without credit free models are refused, too."
        : "Add credit to the account of " + keySource() + ".";
  }

  private String elsewhere(ServerError error) {
    if (dialect != Dialect.OPENROUTER) {
      return "Use a model of this server (GET /models lists them), or pull it there.";
    }
    if (error.availability().equals("privacy_restricted")) {
      return "Change the data policy at " + PRIVACY_PAGE + ", or use another model.";
    }
    return "Check its name, or choose another at " + MODELS_PAGE + ".";
  }

  /** The server did not keep to its contract. */
  ModelException.Builder malformed(String found, String model) {
    return ModelException.of(
        Kind.MALFORMED_REPLY,
        server
            + ": the reply for model '"
            + model
            + "' cannot be used: found "
            + found
            + ". Try again, use another model, or check that the base URL is that of an"
            + " OpenAI-compatible server.");
  }
}
