// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads what servers send, tolerantly: a field of the wrong type counts as absent. Stateless.
 *
 * <p>Numbers are looked at before they are used: {@code 1e999999999} is a short text, and its plain
 * form would not fit into memory.
 */
final class Json {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_DIGITS = 40;
  private static final BigDecimal MAX_COUNT = BigDecimal.valueOf(1_000_000_000_000L);

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(Limits.REPLY_BYTES)
                          .maxNumberLength(100)
                          .build())
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  static JsonFactory factory() {
    return MAPPER.getFactory();
  }

  /**
   * Reads one value.
   *
   * @return null if it is not JSON, or nested too deeply
   */
  static @Nullable JsonNode read(byte[] bytes, int from, int length) {
    try {
      JsonNode node = MAPPER.readTree(bytes, from, length);
      return node == null || node.isMissingNode() ? null : node;
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  static @Nullable JsonNode read(byte[] bytes) {
    return read(bytes, 0, bytes.length);
  }

  /** The value of a field; a missing node if there is none or it is null. */
  static JsonNode at(@Nullable JsonNode parent, String field) {
    JsonNode found = parent == null ? null : parent.get(field);
    return found == null || found.isNull() ? MissingNode.getInstance() : found;
  }

  static boolean has(JsonNode parent, String field) {
    return !at(parent, field).isMissingNode();
  }

  static @Nullable String text(@Nullable JsonNode parent, String field) {
    JsonNode found = at(parent, field);
    return found.isTextual() ? found.textValue() : null;
  }

  /** A text, or a number as one. */
  static @Nullable String word(JsonNode parent, String field) {
    JsonNode found = at(parent, field);
    if (found.isIntegralNumber() && found.canConvertToLong()) {
      return Long.toString(found.longValue());
    }
    return found.isTextual() ? found.textValue() : null;
  }

  /** A number, also if it is written as a text; null if there is none of a reasonable size. */
  static @Nullable BigDecimal decimal(JsonNode parent, String field) {
    return decimal(at(parent, field));
  }

  static @Nullable BigDecimal decimal(JsonNode value) {
    BigDecimal found;
    try {
      if (value.isTextual()) {
        String text = value.textValue().strip();
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
          return null;
        }
        found = new BigDecimal(text);
      } else if (value.isNumber()) {
        found = value.decimalValue();
      } else {
        return null;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      return null;
    }
    return Math.abs((long) found.scale()) > MAX_DIGITS || found.precision() > MAX_DIGITS
        ? null
        : found;
  }

  /** A count of tokens: zero if there is none, never negative, never absurd. */
  static long count(JsonNode parent, String field) {
    BigDecimal found = decimal(parent, field);
    if (found == null || found.signum() <= 0) {
      return 0;
    }
    return found.min(MAX_COUNT).longValue();
  }

  /** An integer; null if there is none that fits. */
  static @Nullable Integer integer(JsonNode parent, String field) {
    BigDecimal found = decimal(parent, field);
    if (found == null || found.abs().compareTo(MAX_COUNT) > 0) {
      return null;
    }
    long whole = found.longValue();
    return whole == (int) whole ? (int) whole : null;
  }

  static @Nullable Boolean bool(JsonNode parent, String field) {
    JsonNode found = at(parent, field);
    return found.isBoolean() ? found.booleanValue() : null;
  }

  /** The elements of an array; none if it is anything else. */
  static Iterable<JsonNode> elements(JsonNode parent, String field) {
    JsonNode found = at(parent, field);
    return found.isArray() ? found : List.of();
  }

  /** The texts of an array, at most so many. */
  static List<String> texts(JsonNode parent, String field, int atMost) {
    return stream(elements(parent, field))
        .filter(JsonNode::isTextual)
        .limit(atMost)
        .map(JsonNode::textValue)
        .toList();
  }

  static Stream<JsonNode> stream(Iterable<JsonNode> nodes) {
    return StreamSupport.stream(nodes.spliterator(), false);
  }

  static @Nullable JsonNode first(JsonNode parent, String field) {
    Iterator<JsonNode> all = elements(parent, field).iterator();
    return all.hasNext() ? all.next() : null;
  }
}
