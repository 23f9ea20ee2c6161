// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Usage;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Opens {@code canary:<references>}: reads its secrets as a provider does, and then tells them to
 * everybody, as a provider with a mistake would.
 */
public final class CanaryModelProvider implements ChatModelProvider {
  /** The prompts that reached the model. */
  static final List<String> PROMPTS = new CopyOnWriteArrayList<>();

  @Override
  public String scheme() {
    return "canary";
  }

  @Override
  public ChatModel open(String rest, ProviderContext context) {
    StringBuilder told = new StringBuilder();
    for (String reference : rest.split(",", -1)) {
      try (Secret secret = context.secrets().orElseThrow().read(reference)) {
        told.append(secret.<String>use(String::new)).append(' ');
      }
    }
    String all = told.toString();
    return (request, exchange) -> {
      String prompt = request.messages().get(request.messages().size() - 1).text();
      PROMPTS.add(prompt);
      if (prompt.contains("fail")) {
        throw ModelException.of(
                ModelException.Kind.INVALID_REQUEST,
                "status 400: {\"error\":\"bad header Authorization: " + all + "\"}")
            .cause(new IllegalStateException("sent " + all))
            .build();
      }
      return ChatReply.of("your key is " + all, Usage.of(1, 1), "canary");
    };
  }
}
