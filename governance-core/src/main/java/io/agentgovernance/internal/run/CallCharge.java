// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.internal.calls.AttemptExchange;
import io.agentgovernance.internal.calls.ModelRoute;
import io.agentgovernance.internal.calls.ModelRouter;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Usage;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one model call is charged: reserved before it is sent, then settled with what it took, or
 * left as an estimate about which its provider is asked.
 *
 * <p>Not thread safe: confined to the agent's thread, but for the settling of an estimate, which
 * comes on the thread that asks the provider.
 */
final class CallCharge {
  /**
   * The most a call can take.
   *
   * @param tokens the bytes of the prompt, and the tokens of the reply
   * @param cost their price; zero if it is not known
   */
  record Bound(long tokens, BigDecimal cost) {}

  private final AgentRunner agent;
  private final String key;
  private @Nullable String reservation;
  private @Nullable ModelPricing pricing;
  private @Nullable AttemptExchange exchange;
  private @Nullable ModelRoute route;
  private boolean inFlight;

  CallCharge(AgentRunner agent, String key) {
    this.agent = agent;
    this.key = key;
  }

  /** The reservation that is open; null if there is none. */
  @Nullable String reserved() {
    return reservation;
  }

  /**
   * Reserves the most the call can take on a route.
   *
   * @param id of the reservation
   * @param refused makes what is thrown if it is more than is left
   */
  Bound reserve(
      ModelRoute route,
      ChatRequest request,
      String id,
      BiFunction<Bound, String, RuntimeException> refused) {
    ModelPricing known = route.model().pricing(route.modelId()).orElse(null);
    pricing = known;
    long promptBytes = request.promptBytes();
    Bound bound =
        new Bound(
            promptBytes + request.maxTokens(),
            known == null ? BigDecimal.ZERO : known.cost(promptBytes, request.maxTokens()));
    Applied<Spend> applied =
        agent.apply(
            new Command.Reserve(agent.id(), agent.fence(), id, bound.tokens(), bound.cost()));
    if (!applied.accepted()) {
      throw refused.apply(bound, applied.reason());
    }
    hold(id);
    agent.run().spendWatch().look(agent, applied.orThrow());
    return bound;
  }

  private void hold(@Nullable String id) {
    reservation = id;
    agent.reserved(id);
  }

  /** Gives the reservation back: nothing was sent. */
  void release() {
    String reserved = reservation;
    if (reserved != null) {
      hold(null);
      agent.run().store().apply(new Command.Release(agent.id(), agent.fence(), reserved));
    }
  }

  /** An attempt is on its way, and takes something from now on. */
  void sent(ModelRoute to, AttemptExchange by) {
    route = to;
    exchange = by;
    inFlight = true;
  }

  /** Nothing is on its way. */
  void notSent() {
    inFlight = false;
  }

  /** Ends the reservation with what the reply took; the command has to be applied. */
  Command.Settle settle(Usage usage) {
    String reserved = reservation;
    if (reserved == null) {
      throw new AssertionError("a reply without a reservation");
    }
    hold(null);
    return settle(reserved, usage, pricing);
  }

  /**
   * The call came to no reply: what it took is settled if the provider said so, stays charged as an
   * estimate if it may have taken something, and costs nothing else. Does nothing if it was told
   * before.
   *
   * @param error how it ended; null if it was broken off
   */
  void unknown(@Nullable ModelException error) {
    String reserved = reservation;
    if (reserved == null) {
      return;
    }
    hold(null);
    Usage told = error == null ? null : error.usage().orElse(null);
    boolean nothingTaken = !inFlight || (error != null && !error.mayHaveCost());
    inFlight = false;
    Command<?> command;
    if (told != null) {
      command = settle(reserved, told, pricing);
    } else if (nothingTaken) {
      command = new Command.Release(agent.id(), agent.fence(), reserved);
    } else {
      command = new Command.Estimate(agent.id(), agent.fence(), reserved);
    }
    agent.run().store().apply(command);
    if (command instanceof Command.Estimate) {
      askLater(reserved, error);
    }
    agent
        .run()
        .evidence()
        .note(
            agent.id(),
            LedgerTypes.OUTCOME,
            reserved + "/outcome",
            Map.of(
                "call", key,
                "result", error == null ? "UNKNOWN" : error.kind().name(),
                "charged", told != null ? "USAGE" : nothingTaken ? "NOTHING" : "ESTIMATE"));
  }

  /** Has the provider asked what it took; until it says so, the reservation stays charged. */
  private void askLater(String reserved, @Nullable ModelException error) {
    AttemptExchange last = exchange;
    ModelRoute asked = route;
    ModelRouter router = agent.run().services().router();
    String reply =
        error != null && error.replyId().isPresent()
            ? error.replyId().get()
            : last == null ? null : last.replyId();
    if (reply != null && asked != null && router != null) {
      Settling settling = agent.run().spendWatch().settling();
      ModelPricing known = pricing; // that of this route, whatever comes next
      settling.begin();
      router
          .settlements()
          .ask(
              asked.model(),
              reply,
              usage -> settledLater(settle(reserved, usage, known), reply),
              () -> agent.run().services().control().tell(settling::end));
    }
  }

  private void settledLater(Command.Settle settle, String reply) {
    LateSpend.settle(agent.run(), settle);
    agent
        .run()
        .evidence()
        .noteSettled(
            agent.id(),
            settle.reservationId() + "/settled",
            Map.of(
                "call", key,
                "reply_id", reply,
                "prompt_tokens", settle.promptTokens(),
                "completion_tokens", settle.completionTokens(),
                "cost", settle.cost().toPlainString()));
  }

  private Command.Settle settle(String reserved, Usage usage, @Nullable ModelPricing known) {
    BigDecimal cost = usage.costUsd();
    if (cost == null) {
      cost =
          known == null
              ? BigDecimal.ZERO
              : known.cost(usage.promptTokens(), usage.completionTokens());
    }
    return new Command.Settle(
        agent.id(), agent.fence(), reserved, usage.promptTokens(), usage.completionTokens(), cost);
  }
}
