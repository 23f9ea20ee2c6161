// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import io.agentgovernance.payload.Payload;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures a request and writes it as plain maps, for its digest. */
final class RequestForm {
  /** Chat templates put a few special tokens around each message, part, tool and schema. */
  private static final int ALLOWANCE = 16;

  private RequestForm() {}

  static long bytes(ChatRequest request) {
    long bytes = ALLOWANCE;
    for (Message message : request.messages()) {
      bytes += ALLOWANCE;
      for (Part part : message.parts()) {
        bytes += ALLOWANCE + bytes(part);
      }
    }
    for (ToolSpec tool : request.tools()) {
      bytes += ALLOWANCE + utf8(tool.name()) + utf8(tool.description());
      bytes += utf8(tool.input().json());
    }
    if (request.replySchema() != null) {
      bytes += ALLOWANCE + utf8(request.replySchema().name()) + utf8(request.replySchema().json());
    }
    for (var option : request.options().entrySet()) {
      bytes += ALLOWANCE + utf8(option.getKey()) + option.getValue().bytes();
    }
    return bytes;
  }

  private static long bytes(Part part) {
    return part.match(
        text -> utf8(text.text()),
        data -> utf8(data.rendered()),
        use -> utf8(use.id()) + utf8(use.tool()) + use.input().bytes(),
        result -> utf8(result.id()) + result.content().bytes(),
        opaque -> utf8(opaque.provider()) + opaque.content().bytes());
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  static Map<String, Object> map(ChatRequest request) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("model", request.model());
    map.put("messages", request.messages().stream().map(RequestForm::map).toList());
    map.put("tools", request.tools().stream().map(RequestForm::map).toList());
    if (request.replySchema() != null) {
      map.put("replySchemaName", request.replySchema().name());
      map.put("replySchema", request.replySchema().json());
    }
    map.put("maxTokens", request.maxTokens());
    Map<String, Object> options = new TreeMap<>();
    request.options().forEach((name, value) -> options.put(name, value));
    map.put("options", options);
    return map;
  }

  private static Map<String, Object> map(Message message) {
    return Map.of(
        "role",
        message.role().name(),
        "parts",
        message.parts().stream().map(RequestForm::fields).toList());
  }

  private static Map<String, Object> map(ToolSpec tool) {
    return Map.of(
        "name", tool.name(), "description", tool.description(), "input", tool.input().json());
  }

  private static List<String> fields(Part part) {
    return part.match(
        text -> List.of("text", text.text()),
        data -> fields("data", data.content(), data.name(), data.source()),
        use -> fields("toolUse", use.input(), use.id(), use.tool()),
        result -> fields("toolResult", result.content(), result.id(), result.kind().name()),
        opaque -> fields("opaque", opaque.content(), opaque.provider(), ""));
  }

  private static List<String> fields(String kind, Payload content, String first, String second) {
    return List.of(kind, first, second, content.json());
  }
}
