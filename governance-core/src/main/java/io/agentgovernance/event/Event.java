// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.UnreadablePayloadException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a run. Immutable and thread safe.
 *
 * <p>On the wire an event is one line, with its fields in this order:
 *
 * <pre>{@code
 * {"type":"vote_cast","sequence":7,"at":"2026-01-24T10:15:30Z","pipeline_id":"r1",
 *  "data":{"pipeline_id":"r1","choice":"ACCEPT","proposal_id":"p1","voter":"r1-beta"}}
 * }</pre>
 *
 * @param sequence 1 for the first event of the run; a gap means that events were dropped
 * @param at when it happened, by the clock of the store that holds the run's state
 * @param run the run
 * @param type what happened: one of {@link EventTypes}, or any other well-formed name
 * @param data a JSON object; the wire's {@code pipeline_id} is not part of it
 */
public record Event(long sequence, Instant at, RunId run, String type, Payload data) {
  private static final String WHERE = "event";
  private static final String TYPE = "type";
  private static final String SEQUENCE = "sequence";
  private static final String AT = "at";
  private static final String PIPELINE_ID = "pipeline_id";
  private static final String DATA = "data";
  private static final Payload NO_DATA = Payload.of(Map.of());

  /**
   * Checks sequence, type and data, and takes {@code pipeline_id} out of the data.
   *
   * @throws BadInputException if the sequence is less than 1, the type malformed, or the data
   *     neither an object nor {@link Payload#empty()}
   */
  public Event {
    requireNonNull(at, AT);
    requireNonNull(run, "run");
    requireNonNull(type, TYPE);
    requireNonNull(data, DATA);
    if (sequence < 1) {
      throw bad(SEQUENCE, Long.toString(sequence), "at least 1", "Number events from 1");
    }
    if (!EventTypes.isWellFormed(type)) {
      throw bad(
          TYPE,
          type.length() + " characters",
          "1 to 64 characters of A-Z, a-z, 0-9, '_', '.', ':' and '-', the first a letter or digit",
          "Give the type a short ASCII name");
    }
    data = data.isEmpty() ? NO_DATA : withoutRun(data);
  }

  /**
   * Reads {@link #json()}. Unknown fields are ignored; absent data is empty.
   *
   * @throws BadInputException if the text is not JSON, or a field is missing or malformed
   */
  public static Event parse(String json) {
    Map<?, ?> fields = object("", Payload.json(json));
    String at = text(fields, AT);
    return new Event(
        sequence(fields.get(SEQUENCE)),
        instant(at),
        RunId.parse(text(fields, PIPELINE_ID)),
        text(fields, TYPE),
        Payload.of(fields.get(DATA)));
  }

  /** Says whether this is the last event of its run. */
  public boolean terminal() {
    return type.equals(EventTypes.ORCHESTRATION_COMPLETE);
  }

  /** Returns the one JSON form, a single line; {@code Event.parse(e.json())} equals {@code e}. */
  public String json() {
    // Type, instant and run id hold no character that JSON escapes.
    String fields = data.json();
    var out = new StringBuilder(fields.length() + 2 * run.value().length() + 128);
    out.append("{\"type\":\"").append(type).append("\",\"sequence\":").append(sequence);
    out.append(",\"at\":\"").append(at).append("\",\"pipeline_id\":\"").append(run.value());
    out.append("\",\"data\":{\"pipeline_id\":\"").append(run.value()).append('"');
    if (fields.length() > 2) {
      out.append(',').append(fields, 1, fields.length() - 1);
    }
    return out.append("}}").toString();
  }

  private static Payload withoutRun(Payload data) {
    Map<?, ?> fields = object("." + DATA, data);
    if (!fields.containsKey(PIPELINE_ID)) {
      return data;
    }
    Map<Object, @Nullable Object> rest = new LinkedHashMap<>(fields);
    rest.remove(PIPELINE_ID);
    return Payload.of(rest);
  }

  private static Map<?, ?> object(String place, Payload payload) {
    try {
      return payload.read(Map.class);
    } catch (UnreadablePayloadException e) {
      throw new BadInputException(
          WHERE + place,
          payload.isText() ? "a text" : "a value that is no object",
          "a JSON object",
          "Put the value into a field of an object",
          e);
    }
  }

  private static String text(Map<?, ?> fields, String name) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw bad(name, "no text", "a text", "Pass the text that Event.json() made");
  }

  private static long sequence(@Nullable Object value) {
    if (value instanceof Long sequence) {
      return sequence;
    }
    throw bad(SEQUENCE, "no whole number", "at least 1", "Pass the text that Event.json() made");
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new BadInputException(
          WHERE + "." + AT,
          "a text that is no instant",
          "an instant such as 2026-01-24T10:15:30Z",
          "Write instants in ISO 8601 with a zone of Z",
          e);
    }
  }

  private static BadInputException bad(String field, String found, String expected, String advice) {
    return new BadInputException(WHERE + "." + field, found, expected, advice);
  }
}
