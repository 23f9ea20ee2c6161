// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentgovernance.BadInputException;
import io.agentgovernance.model.Part;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the tool calls of a reply together, from fragments if it is streamed. Not thread safe. */
final class ToolCalls {
  private final TreeMap<Integer, Draft> drafts = new TreeMap<>();
  private @Nullable Draft last;

  private static final class Draft {
    private @Nullable String id;
    private @Nullable String name;
    private final StringBuilder arguments = new StringBuilder();
  }

  boolean isEmpty() {
    return drafts.isEmpty();
  }

  /** Takes a message or a delta. */
  void add(JsonNode message) {
    for (JsonNode call : Json.elements(message, "tool_calls")) {
      if (call.isObject()) {
        addCall(call);
      }
    }
    JsonNode old = Json.at(message, "function_call"); // what OpenAI had before tools
    if (old.isObject()) {
      fill(draft(0), old);
    }
  }

  private void addCall(JsonNode call) {
    Draft draft = draftOf(call);
    String id = Json.word(call, "id");
    if (draft.id == null && id != null && !id.isEmpty()) {
      draft.id = id;
    }
    fill(draft, Json.at(call, "function"));
    last = draft;
  }

  private static void fill(Draft draft, JsonNode function) {
    String name = Json.text(function, "name");
    if (draft.name == null && name != null && !name.isEmpty()) {
      draft.name = name;
    }
    JsonNode arguments = Json.at(function, "arguments");
    if (arguments.isTextual()) {
      draft.arguments.append(arguments.textValue());
    } else if (arguments.isContainerNode()) {
      draft.arguments.append(arguments); // some servers do not write them as a text
    }
  }

  /** Only the index is certain, and not everywhere: without it, a new id begins a new call. */
  private Draft draftOf(JsonNode call) {
    Integer index = Json.integer(call, "index");
    if (index != null && index >= 0) {
      return draft(index);
    }
    String id = Json.word(call, "id");
    Draft current = last;
    if (current != null && goesOn(current, id, call)) {
      return current;
    }
    return draft(drafts.isEmpty() ? 0 : Math.min(drafts.lastKey(), Integer.MAX_VALUE - 1) + 1);
  }

  private static boolean goesOn(Draft current, @Nullable String id, JsonNode call) {
    if (id == null || id.isEmpty()) {
      return !Json.has(Json.at(call, "function"), "name");
    }
    return id.equals(current.id);
  }

  private Draft draft(int index) {
    Draft found = drafts.get(index);
    if (found == null) {
      if (drafts.size() == Limits.TOOL_CALLS) {
        throw new ReplyAssembler.BadReplyException(
            "more than " + Limits.TOOL_CALLS + " tool calls");
      }
      found = new Draft();
      drafts.put(index, found);
    }
    return found;
  }

  /** Returns the calls in the order of their indices. */
  List<Part> parts() {
    List<Part> parts = new ArrayList<>(drafts.size());
    drafts.forEach(
        (index, draft) ->
            parts.add(
                new Part.ToolUse(
                    draft.id == null ? "call_" + index : draft.id,
                    draft.name == null ? "" : draft.name,
                    input(draft.arguments.toString()))));
    return parts;
  }

  private static Payload input(String arguments) {
    if (arguments.isBlank()) {
      return Payload.json("{}");
    }
    try {
      return Payload.json(arguments);
    } catch (BadInputException notJson) {
      try {
        return Payload.text(arguments);
      } catch (BadInputException notEvenText) {
        throw new ReplyAssembler.BadReplyException("arguments of a tool that are no text");
      }
    }
  }
}
