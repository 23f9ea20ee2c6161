// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentgovernance.BadInputException;
import io.agentgovernance.model.Part;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's reasoning, kept so that it can be sent back as it was and in order. Not thread safe.
 *
 * <p>In a stream a piece of reasoning text comes in fragments; those that belong together are
 * joined, as they would have come without streaming. Signed and encrypted pieces are never touched.
 */
final class Reasoning {
  static final String PROVIDER = "openrouter";
  private static final String TEXT = "reasoning.text";
  private static final String SUMMARY = "reasoning.summary";

  private final List<JsonNode> details = new ArrayList<>(0);
  private final StringBuilder plain = new StringBuilder(0);

  /** Where reasoning is in what is kept. */
  static final String DETAILS = "reasoning_details";

  static final String PLAIN = "reasoning";
  static final String ASKED = "model";

  /** Takes a message or a delta. */
  void add(JsonNode message) {
    for (JsonNode detail : Json.elements(message, DETAILS)) {
      if (detail.isObject()) {
        add((ObjectNode) detail);
      }
    }
    String text = Json.text(message, PLAIN);
    if (text != null && plain.length() < Limits.REPLY_BYTES) {
      plain.append(text);
    }
  }

  private void add(ObjectNode next) {
    ObjectNode last = details.isEmpty() ? null : (ObjectNode) details.get(details.size() - 1);
    String joined = last == null ? null : joinedField(last, next);
    if (last != null && joined != null) {
      join(last, next, joined);
    } else if (details.size() < Limits.REASONING) {
      details.add(next.deepCopy());
    } else {
      throw new ReplyAssembler.BadReplyException("more than " + Limits.REASONING + " reasonings");
    }
  }

  /** The field in which two details are fragments of one; null if they are not. */
  private static @Nullable String joinedField(ObjectNode last, ObjectNode next) {
    String type = Json.text(next, "type");
    String field = TEXT.equals(type) ? "text" : SUMMARY.equals(type) ? "summary" : null;
    if (field == null || !Objects.equals(type, Json.text(last, "type"))) {
      return null;
    }
    boolean samePlace =
        Json.at(last, "index").equals(Json.at(next, "index"))
            && (!Json.has(last, "id")
                || !Json.has(next, "id")
                || Json.at(last, "id").equals(Json.at(next, "id")));
    boolean complete = Json.has(last, "signature");
    return samePlace && !complete ? field : null;
  }

  private static void join(ObjectNode last, ObjectNode next, String field) {
    String before = Json.text(last, field);
    String more = Json.text(next, field);
    next.properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isNull()) {
                last.set(entry.getKey(), entry.getValue());
              }
            });
    if (before != null || more != null) {
      last.put(field, (before == null ? "" : before) + (more == null ? "" : more));
    }
  }

  /**
   * Returns what is to be sent back, if there is anything.
   *
   * @param asked the model that was asked: another one could not read it
   */
  Optional<Part> part(String asked) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    kept.put(ASKED, asked);
    if (!details.isEmpty()) {
      kept.set(DETAILS, JsonNodeFactory.instance.arrayNode().addAll(details));
    } else if (plain.length() > 0) {
      kept.put(PLAIN, plain.toString());
    } else {
      return Optional.empty();
    }
    try {
      return Optional.of(new Part.Opaque(PROVIDER, Payload.json(kept.toString())));
    } catch (BadInputException e) {
      return Optional.empty(); // half a surrogate pair: nothing that could be sent back
    }
  }
}
