// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Any client of a language model can be put behind one method. */
public final class OwnModel {
  private OwnModel() {}

  /** What your vendor's client may look like. */
  interface Client {
    CompletableFuture<Answer> complete(List<String> messages, int maxTokens);
  }

  record Answer(String text, long tokensIn, long tokensOut) {}

  // tag::model[]
  record HouseModel(Client client) implements ChatModel {
    @Override
    public ChatReply chat(ChatRequest request, Exchange exchange) throws InterruptedException {
      List<String> messages = request.messages().stream().map(Message::text).toList();
      var pending = client.complete(messages, request.maxTokens());
      exchange.onAbort(() -> pending.cancel(true)); // stop and deadline end the call, too
      try {
        Answer answer = pending.get(exchange.remaining().toMillis(), MILLISECONDS);
        var usage = Usage.of(answer.tokensIn(), answer.tokensOut());
        return ChatReply.of(answer.text(), usage, request.model());
      } catch (TimeoutException e) {
        throw new ModelException(ModelException.Kind.TIMEOUT, "house model: no answer in time");
      } catch (CancellationException e) {
        throw new ModelException(ModelException.Kind.ABORTED, "house model: aborted");
      } catch (ExecutionException e) {
        // The kind decides: this one is tried again, then on the next model.
        throw new ModelException(ModelException.Kind.UNAVAILABLE, "house model: no connection");
      }
    }
  }

  // end::model[]

  public static void main(String[] args) {
    Client client =
        (messages, maxTokens) ->
            CompletableFuture.completedFuture(
                new Answer("An answer to: " + messages.get(0), messages.get(0).length() / 4, 9));
    Agent helper = Agent.of("helper", ctx -> ctx.model().ask(Prompt.user(ctx.objective())).text());

    // tag::run[]
    try (var orchestrator =
        Orchestrator.builder()
            .model("house:large", new HouseModel(client))
            .model("local:") // asked when the first one fails
            .team(Team.of(DecisionRule.by("helper"), helper))
            .build()) {
      OrchestrationResult result = orchestrator.run("Which form do I need?");
      System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
      System.out.println(result.usage().tokens() + " tokens");
    }
    // end::run[]
  }
}
