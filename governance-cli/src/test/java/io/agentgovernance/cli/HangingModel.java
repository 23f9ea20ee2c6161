// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import java.util.concurrent.CountDownLatch;

/** Never answers; ends when it is aborted. */
final class HangingModel implements ChatModel {
  private final Runnable whenAsked;

  HangingModel(Runnable whenAsked) {
    this.whenAsked = whenAsked;
  }

  @Override
  public ChatReply chat(ChatRequest request, Exchange exchange) throws InterruptedException {
    CountDownLatch aborted = new CountDownLatch(1);
    exchange.onAbort(aborted::countDown);
    whenAsked.run();
    aborted.await();
    throw new ModelException(ModelException.Kind.ABORTED, "test: aborted");
  }
}
