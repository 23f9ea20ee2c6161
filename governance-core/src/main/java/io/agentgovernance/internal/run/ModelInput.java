// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.internal.secrets.Cleaner;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.ToolSpec;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import io.agentgovernance.payload.UnreadablePayloadException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model request as policies see it: {@code {"messages":[{"role":…,"parts":[{"kind":…,"name":…,
 * "content":…}]}],"tools":[…],"maxTokens":…}}. A policy may rewrite the contents, nothing else.
 */
record ModelInput(List<InputMessage> messages, List<String> tools, int maxTokens) {

  /** A message as policies see it. */
  record InputMessage(String role, List<InputPart> parts) {}

  /** A part as policies see it. */
  record InputPart(String kind, String name, Payload content) {}

  static Payload of(ChatRequest request) {
    return Payload.of(input(request));
  }

  private static ModelInput input(ChatRequest request) {
    List<InputMessage> messages = new ArrayList<>(request.messages().size());
    for (Message message : request.messages()) {
      messages.add(
          new InputMessage(
              message.role().name(), message.parts().stream().map(ModelInput::part).toList()));
    }
    return new ModelInput(
        messages, request.tools().stream().map(ToolSpec::name).toList(), request.maxTokens());
  }

  private static InputPart part(Part part) {
    if (part instanceof Part.Text text) {
      return new InputPart("text", "", Payload.text(text.text()));
    } else if (part instanceof Part.Data data) {
      return new InputPart("data", data.name(), data.content());
    } else if (part instanceof Part.ToolUse use) {
      return new InputPart("tool_use", use.tool(), use.input());
    } else if (part instanceof Part.ToolResult result) {
      return new InputPart("tool_result", result.id(), result.content());
    } else if (part instanceof Part.Opaque opaque) {
      return new InputPart("opaque", opaque.provider(), opaque.content());
    }
    throw new AssertionError(part);
  }

  /** The request with the contents a policy left it with; null if it changed anything else. */
  static @Nullable ChatRequest rewritten(ChatRequest request, Payload before, Payload after) {
    if (after.equals(before)) {
      return request;
    }
    ModelInput changed;
    try {
      changed = after.read(ModelInput.class);
    } catch (UnreadablePayloadException e) {
      return null;
    }
    ModelInput original = input(request);
    if (!changed.tools().equals(original.tools())
        || changed.maxTokens() != original.maxTokens()
        || changed.messages().size() != original.messages().size()) {
      return null;
    }
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < changed.messages().size(); i++) {
      Message message = rewritten(request.messages().get(i), changed.messages().get(i));
      if (message == null) {
        return null;
      }
      messages.add(message);
    }
    return copy(request, request.model(), messages);
  }

  private static @Nullable Message rewritten(Message message, InputMessage changed) {
    if (!message.role().name().equals(changed.role())
        || message.parts().size() != changed.parts().size()) {
      return null;
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < changed.parts().size(); i++) {
      Part part = message.parts().get(i);
      InputPart wanted = changed.parts().get(i);
      InputPart had = part(part);
      if (!had.kind().equals(wanted.kind()) || !had.name().equals(wanted.name())) {
        return null;
      }
      if (part instanceof Part.Text) {
        parts.add(new Part.Text(wanted.content().text()));
      } else if (part instanceof Part.Data data) {
        parts.add(new Part.Data(data.name(), wanted.content(), data.source()));
      } else if (part instanceof Part.ToolResult result) {
        parts.add(new Part.ToolResult(result.id(), wanted.content(), result.kind()));
      } else if (had.content().equals(wanted.content())) {
        parts.add(part);
      } else {
        return null;
      }
    }
    return new Message(message.role(), parts);
  }

  /** The same request for a route's model, without secrets: they are not for models. */
  static ChatRequest forRoute(ChatRequest request, String model, Cleaner cleaner) {
    return copy(request, model, cleaner.value(request.messages()));
  }

  private static ChatRequest copy(ChatRequest request, String model, List<Message> messages) {
    ChatRequest.Builder builder =
        ChatRequest.builder(model)
            .messages(messages)
            .tools(request.tools())
            .maxTokens(request.maxTokens());
    request.options().forEach(builder::option);
    Schema schema = request.replySchema();
    return (schema == null ? builder : builder.reply(schema)).build();
  }
}
