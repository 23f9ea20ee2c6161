// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.core.JsonGenerator;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.Part;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the messages of a request, with what the model called and thought before. Immutable and
 * thread safe.
 */
final class MessageWriter {
  private final StructuredOutput structuredOutput;

  /**
   * @param structuredOutput whether the schema of the reply is told in words, too
   */
  MessageWriter(StructuredOutput structuredOutput) {
    this.structuredOutput = structuredOutput;
  }

  /**
   * Writes the field {@code messages}.
   *
   * @param model the model asked; reasoning of others is not sent to it
   */
  void write(JsonGenerator json, ChatRequest request, String model) throws IOException {
    json.writeArrayFieldStart("messages");
    Schema schema = request.replySchema();
    boolean told = schema == null || structuredOutput == StructuredOutput.SCHEMA;
    boolean first = true;
    for (Message message : request.messages()) {
      String more = "";
      if (first && !told && schema != null) {
        if (message.role() == Message.Role.SYSTEM) {
          more = "\n\n" + inWords(schema);
        } else {
          text(json, "system", inWords(schema));
        }
      }
      first = false;
      message(json, message, more, model);
    }
    json.writeEndArray();
  }

  private static String inWords(Schema schema) {
    return "Reply with one JSON value that meets this JSON Schema, and with nothing else: "
        + schema.json();
  }

  private static void message(JsonGenerator json, Message message, String more, String model)
      throws IOException {
    switch (message.role()) {
      case SYSTEM -> text(json, "system", message.text() + more);
      case USER -> text(json, "user", message.text() + more);
      case ASSISTANT -> assistant(json, message, model);
      case TOOL -> {
        for (Part part : message.parts()) {
          if (part instanceof Part.ToolResult result) {
            json.writeStartObject();
            json.writeStringField("role", "tool");
            json.writeStringField("tool_call_id", result.id());
            json.writeStringField("content", result.content().text());
            json.writeEndObject();
          }
        }
      }
    }
  }

  private static void text(JsonGenerator json, String role, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("role", role);
    json.writeStringField("content", text);
    json.writeEndObject();
  }

  private static void assistant(JsonGenerator json, Message message, String model)
      throws IOException {
    List<Part.ToolUse> uses = new ArrayList<>(0);
    List<Payload> reasoning = new ArrayList<>(0);
    for (Part part : message.parts()) {
      if (part instanceof Part.ToolUse use) {
        uses.add(use);
      } else if (part instanceof Part.Opaque opaque
          && opaque.provider().equals(Reasoning.PROVIDER)
          && opaque
              .content()
              .at("/" + Reasoning.ASKED)
              .map(Payload::text)
              .orElse("")
              .equals(model)) {
        reasoning.add(opaque.content());
      }
    }
    String text = plainText(message);
    json.writeStartObject();
    json.writeStringField("role", "assistant");
    if (text.isEmpty() && !uses.isEmpty()) {
      json.writeNullField("content");
    } else {
      json.writeStringField("content", text);
    }
    reasoning(json, reasoning);
    toolCalls(json, uses);
    json.writeEndObject();
  }

  /** What the model wrote is joined as it was, without separators. */
  private static String plainText(Message message) {
    return message.parts().stream()
        .map(
            part ->
                part.match(
                    Part.Text::text, Part.Data::rendered, use -> "", result -> "", opaque -> ""))
        .collect(Collectors.joining());
  }

  private static void reasoning(JsonGenerator json, List<Payload> kept) throws IOException {
    String details =
        kept.stream()
            .flatMap(content -> content.at("/" + Reasoning.DETAILS).stream())
            .map(Payload::json)
            .filter(list -> list.length() > 2)
            .map(list -> list.substring(1, list.length() - 1))
            .collect(Collectors.joining(","));
    String plain =
        kept.stream()
            .flatMap(content -> content.at("/" + Reasoning.PLAIN).stream())
            .map(Payload::text)
            .collect(Collectors.joining());
    if (!details.isEmpty()) {
      json.writeFieldName(Reasoning.DETAILS);
      json.writeRawValue("[" + details + "]");
    } else if (!plain.isEmpty()) {
      json.writeStringField(Reasoning.PLAIN, plain);
    }
  }

  private static void toolCalls(JsonGenerator json, List<Part.ToolUse> uses) throws IOException {
    if (uses.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("tool_calls");
    for (Part.ToolUse use : uses) {
      json.writeStartObject();
      json.writeStringField("id", use.id());
      json.writeStringField("type", "function");
      json.writeObjectFieldStart("function");
      json.writeStringField("name", use.tool());
      json.writeStringField("arguments", arguments(use.input()));
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Arguments must be an object; what the model wrote instead is shown to it inside of one. */
  private static String arguments(Payload input) {
    String json = input.json();
    return json.startsWith("{") ? json : "{\"invalid_arguments\":" + json + "}";
  }
}
