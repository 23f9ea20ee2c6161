// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What Vault answered.
 *
 * @param status the HTTP status
 * @param body the body, empty if there is none or if it is no JSON
 * @param retryAfter how long Vault asks to wait, zero if it does not
 */
record VaultAnswer(int status, Payload body, Duration retryAfter) {
  static VaultAnswer of(int status, byte[] body, Duration retryAfter) {
    return new VaultAnswer(status, json(body), retryAfter);
  }

  private static Payload json(byte[] body) {
    try {
      return body.length == 0
          ? Payload.empty()
          : Payload.json(new String(body, StandardCharsets.UTF_8));
    } catch (BadInputException e) {
      return Payload.empty(); // a proxy's page
    }
  }

  boolean ok() {
    return status == 200 || status == 204;
  }

  Optional<String> text(String pointer) {
    return body.at(pointer).filter(Payload::isText).map(Payload::text);
  }

  /** Returns a number of seconds; zero if there is none. */
  Duration seconds(String pointer) {
    return body.at(pointer)
        .filter(value -> value.text().matches("[0-9]{1,9}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value.text())))
        .orElse(Duration.ZERO);
  }

  boolean isTrue(String pointer) {
    return body.at(pointer).filter(value -> value.json().equals("true")).isPresent();
  }

  /** The errors, in lower case. They may quote what was sent, and are not repeated. */
  String errors() {
    return body.at("/errors").map(Payload::json).orElse("").toLowerCase(Locale.ROOT);
  }

  /** The token is of no use: it is wrong, expired, revoked or used up. */
  boolean badToken() {
    return status == 403 && errors().contains("invalid token");
  }

  boolean sealed() {
    return status == 503 && errors().contains("sealed");
  }

  /** Whether the same request may be answered otherwise in a moment. */
  boolean transientFailure() {
    return status == 412 || status == 429 || (status >= 500 && status != 501 && !sealed());
  }

  List<String> texts(String pointer) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; body.at(pointer + "/" + i).isPresent(); i++) {
      texts.add(body.at(pointer + "/" + i).orElseThrow().text());
    }
    return texts;
  }
}
