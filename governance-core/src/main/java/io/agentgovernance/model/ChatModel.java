// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import java.util.Optional;

/**
 * A language model, blocking and streaming in one method. Implementations are thread safe: agents
 * call them at the same time.
 *
 * <pre>{@code
 * ChatModel echo = (request, exchange) -> {
 *   String text = request.messages().get(0).text();
 *   exchange.delta(text);
 *   return ChatReply.of(text, Usage.ZERO, request.model());
 * };
 * }</pre>
 */
@FunctionalInterface
public interface ChatModel extends AutoCloseable {
  /**
   * Asks the model and blocks until its reply is complete.
   *
   * <p>Retries, fallback to other models, budgets and the ledger are the caller's business: an
   * implementation makes one attempt. It stops within {@link Exchange#remaining()}, when aborted
   * and when interrupted. Unknown {@link ChatRequest#options()} are ignored.
   *
   * @throws ModelException if there is no reply; its kind says why
   * @throws InterruptedException if the calling thread is interrupted
   */
  ChatReply chat(ChatRequest request, Exchange exchange)
      throws ModelException, InterruptedException;

  /** Returns a name for reports and messages, without secrets. Default: the class's simple name. */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * Returns the prices of a model it can reach; may block on first use. Default: unknown.
   *
   * @param model as in {@link ChatRequest#model()}
   */
  default Optional<ModelPricing> pricing(String model) {
    return Optional.empty();
  }

  /**
   * Asks the provider what a reply consumed whose end was not seen: aborted, broken off, or out of
   * time. May block; called on a thread of the library, a few times within the next minute.
   * Default: nobody knows.
   *
   * @param replyId as in {@link ModelException#replyId()} or {@link Exchange#replyStarted}
   * @return empty if the provider does not know, or not yet
   * @throws ModelException if it could not be asked; it is asked again
   * @throws InterruptedException if the calling thread is interrupted
   */
  default Optional<Usage> usageOf(String replyId) throws InterruptedException {
    return Optional.empty();
  }

  /** Frees connections; idempotent. Default: does nothing. */
  @Override
  default void close() {}
}
