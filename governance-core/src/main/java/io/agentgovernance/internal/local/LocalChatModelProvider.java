// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;

/** Opens {@code local:}; what follows the colon is only a label. Thread safe. */
public final class LocalChatModelProvider implements ChatModelProvider {
  @Override
  public String scheme() {
    return "local";
  }

  @Override
  public ChatModel open(String rest, ProviderContext context) {
    return new LocalChatModel(rest.isBlank() ? "local" : "local:" + rest);
  }
}
