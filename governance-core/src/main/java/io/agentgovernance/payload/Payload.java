// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value: what agents, models, tools and stores exchange. A text is one too.
 *
 * <pre>{@code
 * Payload risk = Payload.of(new Risk("A-17", 0.4));
 * Risk again = Payload.json(risk.json()).read(Risk.class);
 * }</pre>
 *
 * <p>Immutable and thread safe; mutable values given to {@link #of} are copied. Two payloads are
 * equal if their canonical JSON is. {@link #toString()} never shows content.
 */
public final class Payload {
  private static final Payload EMPTY = new Payload(null);

  private final @Nullable Object value;

  // Computed on first use; a race computes the same value twice and either may win.
  private @Nullable String json;
  private @Nullable Digest digest;
  private int bytes;

  private Payload(@Nullable Object value) {
    this.value = value;
  }

  /** Returns the payload without a value: JSON null. */
  public static Payload empty() {
    return EMPTY;
  }

  /**
   * Makes a payload of a text.
   *
   * @throws BadInputException if the text holds half of a surrogate pair
   */
  public static Payload text(String text) {
    return new Payload(ValueWriter.text(requireNonNull(text, "text"), Place.ROOT));
  }

  /**
   * Reads one JSON value strictly: no repeated key, nothing after the value, at most 200 levels, no
   * NaN, no half surrogate pair. The digits of numbers are all kept.
   *
   * @throws BadInputException naming line and column of what is wrong
   */
  public static Payload json(String jsonText) {
    return ofJson(JsonReader.read("json", requireNonNull(jsonText, "jsonText")));
  }

  /**
   * Makes a payload of a Java value: a record, Map, collection, array of objects, text, number,
   * boolean, enum, java.time value, UUID, URI, Optional, {@link WireName}, another payload or null.
   * Components of records that are null or empty are left out.
   *
   * @throws BadInputException if the value holds anything else, or a number that is not finite
   */
  public static Payload of(@Nullable Object value) {
    return value instanceof Payload payload ? payload : ofJson(ValueWriter.json(value));
  }

  /** Wraps a value that is already in the form {@link CanonicalJson} describes. */
  static Payload ofJson(@Nullable Object json) {
    return json == null ? EMPTY : new Payload(json);
  }

  @Nullable Object value() {
    return value;
  }

  /** Says whether this is a text, that is, a JSON string. */
  public boolean isText() {
    return value instanceof String;
  }

  /** Says whether there is no value. */
  public boolean isEmpty() {
    return value == null;
  }

  /**
   * Returns what a reader is shown: a text itself, nothing for {@link #empty()}, for any other
   * value its canonical JSON.
   */
  public String text() {
    if (value == null) {
      return "";
    }
    return value instanceof String text ? text : json();
  }

  /**
   * Returns canonical JSON in the form of RFC 8785: no white space, keys in UTF-16 order, numbers
   * as ECMAScript writes them. A number with more digits than a double can hold keeps them all.
   * {@code Payload.json(p.json())} equals {@code p}.
   */
  public String json() {
    String rendered = json;
    if (rendered == null) {
      rendered = CanonicalJson.write(value, CanonicalJson.Keys.SORTED);
      json = rendered;
    }
    return rendered;
  }

  /**
   * Reads the value as a Java type: a record, enum, Map, List, Set, text, number, boolean,
   * java.time value, UUID, URI, {@link WireName} or Object. Unknown properties are ignored; a
   * record component must be there unless it is Optional or annotated {@code @Nullable}; nothing is
   * converted between texts, numbers and booleans.
   *
   * @throws UnreadablePayloadException if the value does not fit the type
   * @throws BadInputException if no payload can be read as the type
   */
  public <T> T read(Class<T> type) {
    requireNonNull(type, "type");
    return Types.boxed(type).cast(ValueReader.read(value, type));
  }

  /**
   * Returns the value at a JSON pointer (RFC 6901), such as {@code /items/0/name}.
   *
   * @return empty if there is none; a null that is there is {@link #empty()}
   * @throws BadInputException if the pointer is malformed
   */
  public Optional<Payload> at(String pointer) {
    Object current = value;
    for (var token : Pointer.parse(requireNonNull(pointer, "pointer"))) {
      if (current instanceof Map<?, ?> map && map.containsKey(token)) {
        current = map.get(token);
      } else if (current instanceof List<?> list && Pointer.index(token) < list.size()) {
        current = list.get(Pointer.index(token));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(ofJson(current));
  }

  /** Returns the SHA-256 digest of {@link #json()} in UTF-8. */
  public Digest digest() {
    Digest computed = digest;
    if (computed == null) {
      computed = Digest.sha256(json());
      digest = computed;
    }
    return computed;
  }

  /** Returns the length of {@link #json()} in UTF-8 bytes. */
  public int bytes() {
    int computed = bytes;
    if (computed == 0) {
      computed = utf8Length(json());
      bytes = computed;
    }
    return computed;
  }

  private static int utf8Length(String text) {
    int length = text.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // Each half of a pair counts 2: together the 4 bytes of the character.
        length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Payload payload && Objects.equals(value, payload.value));
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value);
  }

  @Override
  public String toString() {
    return "Payload["
        + ValueReader.kind(value)
        + ", "
        + bytes()
        + " bytes, sha256 "
        + digest().prefix()
        + "]";
  }
}
