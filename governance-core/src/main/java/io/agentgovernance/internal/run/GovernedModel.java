// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.ModelAccess;
import io.agentgovernance.agent.Reply;
import io.agentgovernance.agent.UnusableReplyException;
import io.agentgovernance.internal.model.Reading;
import io.agentgovernance.internal.model.ReplyReader;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.ToolSpec;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import io.agentgovernance.tool.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks the model: the tool loop, the check of the reply, and one repair. Confined to the agent's
 * thread.
 */
final class GovernedModel implements ModelAccess {
  /** The model of a request that has no route yet. */
  static final String UNROUTED = "unrouted";

  private final AgentRunner agent;
  private final ActionGate gate;
  private final ModelCalls calls;
  private final GovernedTools tools;

  GovernedModel(AgentRunner agent, ActionGate gate, ModelCalls calls, GovernedTools tools) {
    this.agent = agent;
    this.gate = gate;
    this.calls = calls;
    this.tools = tools;
  }

  @Override
  public Reply ask(Prompt prompt) {
    gate.onOwnThread();
    return new Conversation(prompt).run();
  }

  private @Nullable Schema wanted(Prompt prompt) {
    if (prompt.replySchema().isPresent()) {
      return prompt.replySchema().get();
    }
    Class<?> output = agent.definition().output();
    boolean text = output == String.class || output == Payload.class || output == Object.class;
    return text ? null : Schema.of(output);
  }

  /** One question with all its rounds. */
  private final class Conversation {
    private final @Nullable Schema schema;
    private final ChatRequest first;
    private final List<Message> messages;
    private Usage usage = Usage.ZERO;
    private boolean repaired;

    Conversation(Prompt prompt) {
      this.schema = wanted(prompt);
      Prompt shaped = schema == null ? prompt : prompt.reply(schema);
      this.first = shaped.toRequest(UNROUTED, specs(shaped.toolNames()));
      this.messages = new ArrayList<>(first.messages());
    }

    private List<ToolSpec> specs(List<String> named) {
      Set<String> granted = agent.definition().tools();
      List<ToolSpec> specs = new ArrayList<>();
      for (String name : named) {
        Tool tool = agent.run().services().tools().get(name);
        if (tool != null && granted.contains(name)) {
          specs.add(tool.spec());
        }
      }
      return specs;
    }

    Reply run() {
      for (int round = 0; ; round++) {
        ChatReply reply = calls.call(request());
        usage = usage.plus(reply.usage());
        List<Part.ToolUse> uses = reply.toolUses();
        if (!uses.isEmpty() && !first.tools().isEmpty()) {
          if (round >= MAX_ROUNDS) {
            throw unusable(reply, List.of("still asks for tools after " + MAX_ROUNDS + " rounds"));
          }
          messages.add(reply.toMessage());
          messages.add(results(uses));
          continue;
        }
        Reading reading = reading(reply);
        if (reading instanceof Reading.Usable usable) {
          return new Reply(usable.value(), reply.model(), usage);
        }
        List<String> problems = ((Reading.Unusable) reading).problems();
        if (repaired) {
          throw unusable(reply, problems);
        }
        repaired = true;
        messages.add(reply.toMessage());
        messages.add(repair(problems));
      }
    }

    private Reading reading(ChatReply reply) {
      Schema wanted = schema;
      if (wanted != null) {
        return ReplyReader.read(reply, wanted);
      }
      if (reply.finish() == FinishReason.CONTENT_FILTER) {
        return new Reading.Unusable(
            Reading.Reason.REFUSED, List.of("the reply was withheld by a content filter"));
      }
      return reply.text().isBlank()
          ? new Reading.Unusable(Reading.Reason.EMPTY, List.of("the reply has no text"))
          : new Reading.Usable(Payload.text(reply.text()));
    }

    private ChatRequest request() {
      ChatRequest.Builder builder =
          ChatRequest.builder(UNROUTED)
              .messages(messages)
              .tools(first.tools())
              .maxTokens(first.maxTokens());
      first.options().forEach(builder::option);
      Schema wanted = schema;
      return (wanted == null ? builder : builder.reply(wanted)).build();
    }

    private Message results(List<Part.ToolUse> uses) {
      List<Part.ToolResult> results = new ArrayList<>();
      for (Part.ToolUse use : uses) {
        results.add(tools.answer(use));
      }
      return Message.results(results);
    }

    private UnusableReplyException unusable(ChatReply reply, List<String> problems) {
      return agent.errors().unusable(new UnusableReplyException(reply.model(), problems), "model");
    }
  }

  private static Message repair(List<String> problems) {
    return Message.user(
        "Your reply could not be used: "
            + String.join("; ", problems)
            + ". Reply again, with nothing but what was asked for.");
  }
}
