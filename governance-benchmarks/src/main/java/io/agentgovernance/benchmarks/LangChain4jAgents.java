// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.agentic.scope.AgenticScopeAccess;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.V;

/**
 * The agents of the LangChain4j contender. Their interfaces are public because the library's
 * proxies require it.
 */
public final class LangChain4jAgents {

  static final String TOPIC = "topic";
  static final String RESEARCH = "research";
  static final String SYNTHESIS = "synthesis";
  static final String PARTIAL = "partial";

  private LangChain4jAgents() {}

  /** ALPHA, as an agent of the library. */
  public interface Alpha {

    /** Makes one model call. */
    @dev.langchain4j.service.UserMessage("Research {{topic}}")
    @Agent(outputKey = RESEARCH)
    String research(@V(TOPIC) String topic);
  }

  /** BETA, as an agent of the library. */
  public interface Beta {

    /** Makes one model call. */
    @dev.langchain4j.service.UserMessage("Synthesise {{topic}}")
    @Agent(outputKey = SYNTHESIS)
    String synthesise(@V(TOPIC) String topic);
  }

  /** Both agents under an id, which is what makes the library keep their state after a failure. */
  public interface Pair extends AgenticScopeAccess {

    /** Runs both agents. */
    @Agent
    String run(@MemoryId String id, @V(TOPIC) String topic);
  }

  /** An ALPHA that writes what it has so far to the shared state before it calls the model. */
  public static final class DraftingAlpha {

    private final StubModel model;

    DraftingAlpha(StubModel model) {
      this.model = model;
    }

    /** Writes a draft, then makes one model call. */
    @Agent(outputKey = RESEARCH)
    public String research(AgenticScope scope, @V(TOPIC) String topic) throws InterruptedException {
      scope.writeState(PARTIAL, "a draft about " + topic);
      return model.reply(Role.ALPHA, "Research " + topic);
    }
  }

  static Alpha alpha(StubModel model) {
    return AgenticServices.agentBuilder(Alpha.class)
        .chatModel(new Model(Role.ALPHA, model))
        .build();
  }

  static Beta beta(StubModel model) {
    return AgenticServices.agentBuilder(Beta.class).chatModel(new Model(Role.BETA, model)).build();
  }

  static String join(AgenticScope scope) {
    return scope.readState(RESEARCH, "") + " " + scope.readState(SYNTHESIS, "");
  }

  /** The stub as the library's model. */
  private record Model(Role role, StubModel stub) implements ChatModel {

    @Override
    public ChatResponse doChat(ChatRequest request) {
      var prompt = ((UserMessage) request.messages().get(0)).singleText();
      try {
        return ChatResponse.builder()
            .aiMessage(AiMessage.from(stub.reply(role, prompt)))
            .tokenUsage(new TokenUsage(StubModel.PROMPT_TOKENS, StubModel.COMPLETION_TOKENS))
            .build();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted in the model call of " + role, e);
      }
    }
  }
}
