// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ModelException.Kind;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts a server's error into the kinds this library knows. Stateless. */
final class ErrorKinds {
  /** OpenRouter's own discriminator; what is not here goes by the status. */
  private static final Map<String, Kind> TYPES =
      Map.ofEntries(
          Map.entry("context_length_exceeded", Kind.TOO_LONG),
          Map.entry("max_tokens_exceeded", Kind.TOO_LONG),
          Map.entry("token_limit_exceeded", Kind.TOO_LONG),
          Map.entry("string_too_long", Kind.TOO_LONG),
          Map.entry("authentication", Kind.AUTHENTICATION),
          Map.entry("permission_denied", Kind.AUTHENTICATION),
          Map.entry("payment_required", Kind.PAYMENT),
          Map.entry("rate_limit_exceeded", Kind.RATE_LIMITED),
          Map.entry("provider_overloaded", Kind.UNAVAILABLE),
          Map.entry("provider_unavailable", Kind.UNAVAILABLE),
          Map.entry("invalid_request", Kind.INVALID_REQUEST),
          Map.entry("invalid_prompt", Kind.INVALID_REQUEST),
          Map.entry("not_found", Kind.NOT_FOUND),
          Map.entry("precondition_failed", Kind.INVALID_REQUEST),
          Map.entry("payload_too_large", Kind.TOO_LONG),
          Map.entry("unprocessable", Kind.INVALID_REQUEST),
          Map.entry("content_policy_violation", Kind.REFUSED),
          Map.entry("refusal", Kind.REFUSED),
          Map.entry("invalid_image", Kind.INVALID_REQUEST),
          Map.entry("image_too_large", Kind.INVALID_REQUEST),
          Map.entry("image_too_small", Kind.INVALID_REQUEST),
          Map.entry("unsupported_image_format", Kind.INVALID_REQUEST),
          Map.entry("image_not_found", Kind.INVALID_REQUEST),
          Map.entry("image_download_failed", Kind.INVALID_REQUEST),
          Map.entry("server", Kind.UNAVAILABLE),
          Map.entry("timeout", Kind.TIMEOUT));

  /** What servers other than OpenRouter write into {@code code} or {@code type}. */
  private static final Map<String, Kind> CODES =
      Map.ofEntries(
          Map.entry("server_error", Kind.UNAVAILABLE),
          Map.entry("internal_error", Kind.UNAVAILABLE),
          Map.entry("internal_server_error", Kind.UNAVAILABLE),
          Map.entry("api_error", Kind.UNAVAILABLE),
          Map.entry("overloaded_error", Kind.UNAVAILABLE),
          Map.entry("overloaded", Kind.UNAVAILABLE),
          Map.entry("service_unavailable", Kind.UNAVAILABLE),
          Map.entry("unavailable_error", Kind.UNAVAILABLE),
          Map.entry("rate_limit_error", Kind.RATE_LIMITED),
          Map.entry("rate_limit_exceeded", Kind.RATE_LIMITED),
          Map.entry("too_many_requests", Kind.RATE_LIMITED),
          Map.entry("insufficient_quota", Kind.PAYMENT),
          Map.entry("invalid_request_error", Kind.INVALID_REQUEST),
          Map.entry("invalid_request", Kind.INVALID_REQUEST),
          Map.entry("context_length_exceeded", Kind.TOO_LONG),
          Map.entry("string_above_max_length", Kind.TOO_LONG),
          Map.entry("exceed_context_size_error", Kind.TOO_LONG),
          Map.entry("invalid_api_key", Kind.AUTHENTICATION),
          Map.entry("authentication_error", Kind.AUTHENTICATION),
          Map.entry("permission_error", Kind.AUTHENTICATION),
          Map.entry("model_not_found", Kind.NOT_FOUND),
          Map.entry("not_found_error", Kind.NOT_FOUND),
          Map.entry("content_filter", Kind.REFUSED),
          Map.entry("timeout", Kind.TIMEOUT));

  /** What {@code error.availability} says, if neither status nor type says anything. */
  private static final Map<String, Kind> AVAILABILITY =
      Map.ofEntries(
          Map.entry("model_not_found", Kind.NOT_FOUND),
          Map.entry("wrong_endpoint", Kind.NOT_FOUND),
          Map.entry("no_endpoints", Kind.NOT_FOUND),
          Map.entry("model_deprecated", Kind.NOT_FOUND),
          Map.entry("free_variant_ended", Kind.NOT_FOUND),
          Map.entry("region_restricted", Kind.NOT_FOUND),
          Map.entry("privacy_restricted", Kind.NOT_FOUND),
          Map.entry("constraint_filtered", Kind.NOT_FOUND),
          Map.entry("model_unavailable_upstream", Kind.UNAVAILABLE),
          Map.entry("capacity_exhausted", Kind.UNAVAILABLE),
          Map.entry("temporarily_unavailable", Kind.UNAVAILABLE));

  /** "maximum context length is …", "exceeds the available context size", "prompt is too long". */
  private static final Pattern TOO_LONG =
      Pattern.compile(
          "(maximum|exceeds?|exceeded|larger than|longer than|fit|outside)\\b.{0,60}"
              + "\\bcontext[ -](length|size|window)"
              + "|\\bcontext[ -](length|size|window)\\b.{0,60}\\b(exceeds?|exceeded|overflow)"
              + "|\\b(prompt|input|request) is too (long|large)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private static final int MAX_SENTENCE = 1_000;

  private ErrorKinds() {}

  static Kind of(ServerError error) {
    if (error.blocked() && error.status() == 403) {
      return Kind.REFUSED;
    }
    Kind known = TYPES.get(error.type());
    if (known != null) {
      return known;
    }
    if (error.status() == 429 && error.code().equals("insufficient_quota")) {
      return Kind.PAYMENT; // OpenAI's way to say that there is no credit
    }
    if (tooLong(error)) {
      return Kind.TOO_LONG;
    }
    known = byStatus(error.status());
    if (known == null) {
      known = CODES.get(error.code());
    }
    if (known == null) {
      known = AVAILABILITY.get(error.availability());
    }
    return known == null ? Kind.UNAVAILABLE : known;
  }

  /**
   * Whether this model cannot take a request of that size. Servers that have no word for it say it
   * in a sentence, under a status that stands for any bad request.
   */
  private static boolean tooLong(ServerError error) {
    if (error.status() != 0 && error.status() != 400 && error.status() != 422) {
      return false;
    }
    String said = error.message();
    return CODES.get(error.code()) == Kind.TOO_LONG
        || TOO_LONG.matcher(said.substring(0, Math.min(said.length(), MAX_SENTENCE))).find();
  }

  private static @Nullable Kind byStatus(int status) {
    return switch (status) {
      case 401, 407 -> Kind.AUTHENTICATION;
      case 402 -> Kind.PAYMENT;
      case 403 -> Kind.AUTHENTICATION;
      case 404, 410 -> Kind.NOT_FOUND;
      case 408, 504, 524 -> Kind.TIMEOUT;
      case 413 -> Kind.TOO_LONG;
      case 425 -> Kind.UNAVAILABLE;
      case 429 -> Kind.RATE_LIMITED;
      default -> status >= 500 ? Kind.UNAVAILABLE : status >= 300 ? Kind.INVALID_REQUEST : null;
    };
  }
}
