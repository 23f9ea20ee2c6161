// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import io.agentgovernance.payload.Schema;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Measures a request and writes it down for its digest. */
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

  /**
   * The whole request in a form that no other request has: each list begins with its size, each
   * text with its length.
   */
  static String text(ChatRequest request) {
    var out = new StringBuilder(256);
    add(out, request.model());
    out.append(request.messages().size());
    for (Message message : request.messages()) {
      add(out, message.role().name());
      out.append(message.parts().size());
      message.parts().forEach(part -> add(out, part));
    }
    out.append(';').append(request.tools().size());
    for (ToolSpec tool : request.tools()) {
      add(out, tool.name());
      add(out, tool.description());
      add(out, tool.input().json());
    }
    Schema schema = request.replySchema();
    if (schema != null) {
      add(out, schema.name());
      add(out, schema.json());
    }
    out.append(';').append(request.maxTokens()).append(';').append(request.options().size());
    request
        .options()
        .forEach(
            (name, value) -> {
              add(out, name);
              add(out, value.json());
            });
    return out.toString();
  }

  private static void add(StringBuilder out, String text) {
    out.append(';').append(text.length()).append(':').append(text);
  }

  private static void add(StringBuilder out, Part part) {
    List<String> fields =
        part.match(
            text -> List.of("text", text.text()),
            data -> List.of("data", data.name(), data.source(), data.content().json()),
            use -> List.of("toolUse", use.id(), use.tool(), use.input().json()),
            result ->
                List.of("toolResult", result.id(), result.kind().name(), result.content().json()),
            opaque -> List.of("opaque", opaque.provider(), opaque.content().json()));
    fields.forEach(field -> add(out, field));
  }
}
