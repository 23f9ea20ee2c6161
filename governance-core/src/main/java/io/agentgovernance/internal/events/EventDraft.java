// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.UnreadablePayloadException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event to be: its type at once, its data when somebody asks for it. Making one costs next to
 * nothing, so that a run nobody watches does not pay for its events.
 *
 * <p>For one thread while it gains fields, for any afterwards.
 */
final class EventDraft {
  private final String type;
  private final List<Object> namesAndValues = new ArrayList<>(8);
  private final Payload given;

  private EventDraft(String type, Payload given) {
    this.type = type;
    this.given = given;
  }

  static EventDraft of(String type) {
    return new EventDraft(type, Payload.empty());
  }

  /** A draft of data that somebody else made; data that is no object becomes its "value". */
  static EventDraft of(String type, Payload data) {
    return new EventDraft(type, data);
  }

  /** Adds a field, if there is a value and no such field in the given data. */
  EventDraft with(String name, @Nullable Object value) {
    if (value != null) {
      namesAndValues.add(name);
      namesAndValues.add(value);
    }
    return this;
  }

  /** Adds a field whose value is made when the data is. */
  EventDraft late(String name, Supplier<?> value) {
    return with(name, value);
  }

  String type() {
    return type;
  }

  /** Makes the data, always an object. */
  Payload data() {
    Map<Object, @Nullable Object> fields = new LinkedHashMap<>();
    if (!given.isEmpty()) {
      putGiven(fields);
    }
    for (int i = 0; i < namesAndValues.size(); i += 2) {
      Object value = namesAndValues.get(i + 1);
      fields.putIfAbsent(
          namesAndValues.get(i), value instanceof Supplier<?> late ? late.get() : value);
    }
    try {
      return Payload.of(fields);
    } catch (BadInputException e) {
      // Text that UTF-8 cannot carry came in with a name, a key or a reason: the event matters
      // more.
      fields.replaceAll((name, value) -> carried(value));
      return Payload.of(fields);
    }
  }

  private void putGiven(Map<Object, @Nullable Object> fields) {
    try {
      Map<?, ?> object = given.read(Map.class);
      fields.putAll(object);
    } catch (UnreadablePayloadException e) {
      fields.put("value", given);
    }
  }

  private static @Nullable Object carried(@Nullable Object value) {
    if (value instanceof String text) {
      return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(EventDraft::carried).toList();
    }
    return value;
  }
}
