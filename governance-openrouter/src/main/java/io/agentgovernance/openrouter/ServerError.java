// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a server said went wrong, whichever of its shapes it used. Immutable.
 *
 * @param status {@code error.code} if it is a number, else {@code error.http_status}, else the
 *     status of the reply; 0 if none of them says anything
 * @param type {@code error.metadata.error_type}, else {@code error.error_type}; empty if neither
 * @param code {@code error.code} if it is a word
 * @param message the server's text, as it came
 * @param provider the upstream provider
 * @param availability the code of {@code error.availability}; empty if there is none
 * @param retryable what {@code error.availability} says of that; null if nothing
 * @param retryAfter how long it asks to wait; null if it does not
 * @param instead models it names instead
 * @param blocked whether a filter or a guardrail blocked the request
 */
record ServerError(
    int status,
    String type,
    String code,
    String message,
    String provider,
    String availability,
    @Nullable Boolean retryable,
    @Nullable Duration retryAfter,
    List<String> instead,
    boolean blocked) {
  private static final int MAX_WORD = 64;
  private static final int MAX_INSTEAD = 5;

  ServerError {
    instead = List.copyOf(instead);
  }

  /** An error of which only the status is known. */
  static ServerError ofStatus(int status, @Nullable Duration retryAfter) {
    return new ServerError(status, "", "", "", "", "", null, retryAfter, List.of(), false);
  }

  /**
   * Reads an error.
   *
   * @param body what holds {@code error}, or null if it is no JSON
   * @param httpStatus the status it came with
   * @param retryAfter what the headers say
   */
  static ServerError read(@Nullable JsonNode body, int httpStatus, @Nullable Duration retryAfter) {
    JsonNode error = Json.at(body, "error");
    if (error.isTextual()) {
      return new ServerError(
          failure(httpStatus),
          "",
          "",
          error.textValue(),
          "",
          "",
          null,
          retryAfter,
          List.of(),
          false);
    }
    if (!error.isObject()) {
      error = flat(body);
    }
    JsonNode metadata = Json.at(error, "metadata");
    JsonNode availability = Json.at(error, "availability");
    Duration asked = RetryAfter.seconds(Json.decimal(availability, "retry_after"));
    return new ServerError(
        status(error, httpStatus),
        firstWord(Json.text(metadata, "error_type"), Json.text(error, "error_type")),
        Json.at(error, "code").isTextual()
            ? word(Json.text(error, "code"))
            : word(Json.text(error, "type")),
        message(error, metadata),
        word(Json.text(metadata, "provider_name")),
        word(Json.text(availability, "code")),
        Json.bool(availability, "retryable"),
        retryAfter == null ? asked : retryAfter,
        Json.texts(availability, "fallback_models", MAX_INSTEAD).stream()
            .filter(model -> model.length() <= 2 * MAX_WORD && model.matches("[\\w./:~@-]+"))
            .toList(),
        Json.has(metadata, "reasons")
            || Json.has(metadata, "flagged_input")
            || Json.has(metadata, "patterns"));
  }

  /** Some servers have no envelope: {@code {"detail":…}}, {@code {"message":…,"code":…}}. */
  private static JsonNode flat(@Nullable JsonNode body) {
    return body != null && body.isObject() ? body : Json.at(null, "error");
  }

  private static int status(JsonNode error, int httpStatus) {
    Integer code = Json.integer(error, "code");
    if (code != null && isStatus(code)) {
      return code;
    }
    Integer stated = Json.integer(error, "http_status");
    return stated != null && isStatus(stated) ? stated : failure(httpStatus);
  }

  private static boolean isStatus(int value) {
    return value >= 300 && value <= 599;
  }

  /** 200 says nothing of an error. */
  private static int failure(int httpStatus) {
    return httpStatus >= 300 ? httpStatus : 0;
  }

  private static String message(JsonNode error, JsonNode metadata) {
    String message = Json.text(error, "message");
    if (message == null) {
      message = Json.text(error, "detail");
    }
    String raw = raw(Json.at(metadata, "raw"));
    if (message == null || message.isBlank()) {
      return raw;
    }
    // OpenRouter's own text says nothing then; the provider's does.
    return raw.isEmpty() || !message.toLowerCase(Locale.ROOT).contains("provider returned error")
        ? message
        : message + ": " + raw;
  }

  /** The provider's error, which may be a text, JSON in a text, or an object. */
  private static String raw(JsonNode raw) {
    JsonNode value = raw;
    if (raw.isTextual()) {
      String text = raw.textValue();
      if (!text.stripLeading().startsWith("{")) {
        return text;
      }
      JsonNode inner = Json.read(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      if (inner == null) {
        return text;
      }
      value = inner;
    }
    JsonNode error = Json.at(value, "error");
    String message = Json.text(error.isObject() ? error : value, "message");
    return message != null ? message : error.isTextual() ? error.textValue() : "";
  }

  private static String firstWord(@Nullable String one, @Nullable String other) {
    String first = word(one);
    return first.isEmpty() ? word(other) : first;
  }

  /** A name of something: anything else is not repeated. */
  private static String word(@Nullable String text) {
    return text != null && text.length() <= MAX_WORD && text.matches("[\\w ./:-]+") ? text : "";
  }

  /** The first of the type, the code, and the availability that is there. */
  String label() {
    return !availability.isEmpty() ? availability : !type.isEmpty() ? type : code;
  }

  /** Whether the retry time is long enough to speak of. */
  static BigDecimal seconds(Duration wait) {
    return BigDecimal.valueOf(wait.toMillis(), 3).stripTrailingZeros();
  }
}
