// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for the module of OpenRouter; its models refuse. */
public final class RecordingProvider implements ChatModelProvider {
  private static final List<String> OPENED = new CopyOnWriteArrayList<>();

  static List<String> opened() {
    return List.copyOf(OPENED);
  }

  @Override
  public String scheme() {
    return "openrouter";
  }

  @Override
  public ChatModel open(String rest, ProviderContext context) {
    OPENED.add(rest + " at " + context.settings().get("openrouter.base-url"));
    return (request, exchange) -> {
      throw new ModelException(ModelException.Kind.PAYMENT, "test: no credit");
    };
  }
}
