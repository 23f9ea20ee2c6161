// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.core.JsonGenerator;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.ToolSpec;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests. Strict: what is sent is what the contract has, and nothing else. Immutable and
 * thread safe.
 */
final class RequestWriter {
  private final Config config;

  RequestWriter(Config config) {
    this.config = config;
  }

  /**
   * Writes a request as JSON.
   *
   * @throws IllegalArgumentException if an option is outside of the contract
   */
  byte[] write(ChatRequest request, String model) {
    Map<String, Payload> options = new TreeMap<>(config.options());
    options.putAll(request.options());
    Map<String, Payload> checked = RequestOptions.checked(options, config.dialect());
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = Json.factory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("model", model);
      models(json, model, checked.remove("models"));
      messages(json, request, model);
      json.writeBooleanField("stream", config.streaming() == Streaming.ON);
      if (config.dialect() == Dialect.OPENAI && config.streaming() == Streaming.ON) {
        json.writeObjectFieldStart("stream_options");
        json.writeBooleanField("include_usage", true);
        json.writeEndObject();
      }
      limit(json, request.maxTokens());
      tools(json, request.tools());
      if (request.tools().isEmpty()) {
        checked.remove("tool_choice");
        checked.remove("parallel_tool_calls");
      }
      responseFormat(json, request.replySchema());
      provider(json, checked.remove("provider"), request.replySchema() != null);
      for (Map.Entry<String, Payload> option : checked.entrySet()) {
        json.writeFieldName(option.getKey());
        json.writeRawValue(option.getValue().json());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory", e);
    }
    return out.toByteArray();
  }

  private void limit(JsonGenerator json, int maxTokens) throws IOException {
    if (config.tokenLimit() != TokenLimit.MAX_TOKENS) {
      json.writeNumberField("max_completion_tokens", maxTokens);
    }
    if (config.tokenLimit() != TokenLimit.MAX_COMPLETION_TOKENS) {
      json.writeNumberField("max_tokens", maxTokens);
    }
  }

  /** The fallbacks at the server, behind the model itself. */
  private void models(JsonGenerator json, String model, @Nullable Payload own) throws IOException {
    if (config.dialect() != Dialect.OPENROUTER) {
      return;
    }
    Set<String> all = new LinkedHashSet<>();
    all.add(model);
    if (own == null) {
      all.addAll(config.fallbackModels());
    } else {
      List<?> names = own.read(List.class);
      names.forEach(name -> all.add(String.valueOf(name)));
    }
    if (all.size() > 1) {
      json.writeArrayFieldStart("models");
      for (String name : all) {
        json.writeString(name);
      }
      json.writeEndArray();
    }
  }

  private void messages(JsonGenerator json, ChatRequest request, String model) throws IOException {
    json.writeArrayFieldStart("messages");
    Schema schema = request.replySchema();
    boolean told = schema == null || config.structuredOutput() == StructuredOutput.SCHEMA;
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

  private static void tools(JsonGenerator json, List<ToolSpec> tools) throws IOException {
    if (tools.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("tools");
    for (ToolSpec tool : tools) {
      json.writeStartObject();
      json.writeStringField("type", "function");
      json.writeObjectFieldStart("function");
      json.writeStringField("name", tool.name());
      json.writeStringField("description", tool.description());
      json.writeFieldName("parameters");
      json.writeRawValue(tool.input().json());
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void responseFormat(JsonGenerator json, @Nullable Schema schema) throws IOException {
    if (schema == null || config.structuredOutput() == StructuredOutput.PROMPT) {
      return;
    }
    json.writeObjectFieldStart("response_format");
    if (config.structuredOutput() == StructuredOutput.OBJECT_AND_PROMPT) {
      json.writeStringField("type", "json_object");
    } else {
      StrictSchema form = StrictSchema.of(schema);
      json.writeStringField("type", "json_schema");
      json.writeObjectFieldStart("json_schema");
      json.writeStringField("name", schema.name());
      json.writeBooleanField("strict", form.strict());
      json.writeFieldName("schema");
      json.writeRawValue(form.json());
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** Providers that would ignore the schema are left out: nobody says so otherwise. */
  private void provider(JsonGenerator json, @Nullable Payload own, boolean structured)
      throws IOException {
    if (config.dialect() != Dialect.OPENROUTER) {
      return;
    }
    Map<String, Object> routing = new TreeMap<>(config.routing().fields());
    if (own != null) {
      Map<?, ?> fields = own.read(Map.class);
      fields.forEach((name, value) -> routing.put(String.valueOf(name), value));
    }
    if (structured && config.structuredOutput() != StructuredOutput.PROMPT) {
      routing.putIfAbsent("require_parameters", true);
    }
    if (!routing.isEmpty()) {
      json.writeFieldName("provider");
      json.writeRawValue(Payload.of(routing).json());
    }
  }
}
