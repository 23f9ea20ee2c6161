// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.core.JsonGenerator;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.ToolSpec;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes requests. Strict: what is sent is what the contract has, and nothing else. Immutable and
 * thread safe.
 */
final class RequestWriter {
  private final Config config;
  private final MessageWriter messages;

  RequestWriter(Config config) {
    this.config = config;
    this.messages = new MessageWriter(config.structuredOutput());
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
      messages.write(json, request, model);
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
