// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.agentgovernance.BadInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads JSON text strictly into the values {@link CanonicalJson} writes. */
final class JsonReader {
  static final int MAX_DEPTH = 200;
  private static final int MAX_DIGITS = 1_000;
  private static final int MAX_EXPONENT = 10_000;
  private static final String ADVICE = "Correct the JSON at that place";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_DIGITS)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final Pattern CHARACTER = Pattern.compile("code (\\d+)\\)");

  private final String where;
  private final JsonParser parser;

  private JsonReader(String where, JsonParser parser) {
    this.where = where;
    this.parser = parser;
  }

  static @Nullable Object read(String where, String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new JsonReader(where, parser).checked();
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
  }

  private @Nullable Object checked() throws IOException {
    try {
      return document();
    } catch (JsonProcessingException e) {
      throw malformed(e);
    }
  }

  private @Nullable Object document() throws IOException {
    if (parser.nextToken() == null) {
      throw bad("nothing", "one JSON value", "Use Payload.empty() for no value");
    }
    var value = value();
    if (parser.nextToken() != null) {
      throw bad("more after the end of the value", "the end of the text", ADVICE);
    }
    return value;
  }

  private @Nullable Object value() throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> wellFormed(parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? CanonicalJson.number(parser.getDecimalValue())
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> decimal();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw bad("an unexpected " + token, "a JSON value", ADVICE);
    };
  }

  private Object decimal() throws IOException {
    var text = parser.getText();
    int exponent = Math.max(text.indexOf('e'), text.indexOf('E'));
    if (exponent >= 0) {
      var digits = text.substring(exponent + 1);
      if (digits.length() > 6 || Math.abs(Integer.parseInt(digits)) > MAX_EXPONENT) {
        throw bad(
            "an exponent of " + digits.length() + " characters", "at most " + MAX_EXPONENT, ADVICE);
      }
    }
    return CanonicalJson.number(parser.getDecimalValue());
  }

  private Map<String, @Nullable Object> object() throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var key = wellFormed(parser.currentName());
      if (map.containsKey(key)) {
        throw bad(
            "the key '" + Types.shortened(key) + "' a second time",
            "each key once in an object",
            "Remove one of the two");
      }
      parser.nextToken();
      map.put(key, value());
    }
    return Collections.unmodifiableMap(map);
  }

  private List<@Nullable Object> array() throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value());
    }
    return Collections.unmodifiableList(list);
  }

  private String wellFormed(String text) {
    if (loneSurrogate(text) >= 0) {
      throw halfPair(place());
    }
    return text;
  }

  /** The index of the first surrogate without its partner, or -1. */
  static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  private static BadInputException halfPair(String place) {
    return new BadInputException(
        place,
        "half of a surrogate pair in a text",
        "text that UTF-8 can carry",
        "Write the whole character or leave it out");
  }

  private BadInputException bad(String found, String expected, String advice) {
    return new BadInputException(place(), found, expected, advice);
  }

  private String place() {
    var at = parser.currentTokenLocation();
    return where + ":" + Math.max(1, at.getLineNr()) + ":" + Math.max(1, at.getColumnNr());
  }

  /** Jackson's own words may quote the text, which may hold a secret; only its place is kept. */
  private BadInputException malformed(JsonProcessingException e) {
    var at = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
    var place = where + ":" + at.getLineNr() + ":" + at.getColumnNr();
    var words = String.valueOf(e.getOriginalMessage());
    if (words.contains("nesting depth")) {
      return new BadInputException(
          place, "deeper nesting", "at most " + MAX_DEPTH + " levels", "Flatten the value");
    }
    if (words.contains("surrogate")) {
      return halfPair(place);
    }
    if (words.contains("Number value length")) {
      return new BadInputException(
          place, "a longer number", "at most " + MAX_DIGITS + " digits", "Send it as a text");
    }
    if (words.contains("end-of-input") || words.contains("end of input")) {
      return new BadInputException(
          place,
          "the end of the text",
          "the rest of the JSON value",
          "Check whether it was cut off");
    }
    if (words.contains("NaN") || words.contains("INF") || words.contains("Infinity")) {
      return new BadInputException(
          place, "a number that is not finite", "a finite number", "Send null or a text instead");
    }
    var character = CHARACTER.matcher(words);
    var found =
        character.find()
            ? "a character with code " + character.group(1)
            : "something that is not JSON";
    return new BadInputException(place, found, "well-formed JSON (RFC 8259)", ADVICE);
  }
}
