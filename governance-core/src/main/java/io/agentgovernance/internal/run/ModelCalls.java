// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.agent.RepeatedCallException;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.internal.calls.AttemptExchange;
import io.agentgovernance.internal.calls.LoopDetector;
import io.agentgovernance.internal.calls.ModelRoute;
import io.agentgovernance.internal.calls.ModelRouter;
import io.agentgovernance.internal.calls.RouteCall;
import io.agentgovernance.internal.calls.RoutedReply;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.tool.Effect;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes one model call under governance: evaluate, reserve, INTENT, act, remember, OUTCOME, settle.
 * Confined to the agent's thread, except what streams in.
 */
final class ModelCalls {
  private static final String ANY_MODEL = "any";

  private final AgentRunner agent;
  private final ActionGate gate;
  private final LoopDetector loops;
  private int turn;
  private @Nullable Call current;

  ModelCalls(AgentRunner agent, ActionGate gate, LoopDetector loops) {
    this.agent = agent;
    this.gate = gate;
    this.loops = loops;
  }

  /** Answers from the journal, or calls; a reply is remembered before it is settled and used. */
  ChatReply call(ChatRequest request) {
    turn++;
    current = null;
    Digest digest = request.digest();
    boolean repeats = loops.repeats(digest); // calls answered from the journal are calls too
    ChatReply reply =
        gate.recorded(
            "model",
            digest,
            RecordedReply::write,
            RecordedReply::read,
            () -> live(request, digest, repeats));
    Call made = current;
    if (made != null) {
      current = null;
      made.conclude(reply);
    }
    return reply;
  }

  private ChatReply live(ChatRequest request, Digest digest, boolean repeats) {
    ModelRouter router = agent.run().services().router();
    Payload input = ModelInput.of(request);
    Action action =
        gate.action(Action.MODEL, target(router), input, Effect.IDEMPOTENT, TrustTier.T0);
    if (repeats) {
      throw agent.errors().failed(new RepeatedCallException(action.name()), action.name());
    }
    if (router == null) {
      throw gate.deny(
          action, "library", "NO_MODEL", "no model is configured; add builder.model(\"local:\")");
    }
    ActionGate.Passed passed = gate.pass(action);
    ChatRequest ruled = ModelInput.rewritten(request, input, passed.action().input());
    if (ruled == null) {
      throw gate.deny(
          action,
          "library",
          "REWRITE_SHAPE",
          "a policy changed more of the request than its texts");
    }
    Call call = new Call(ruled, ruled.equals(request) ? digest : ruled.digest(), passed);
    ChatReply reply = call.make(router);
    current = call;
    return reply;
  }

  private static String target(@Nullable ModelRouter router) {
    return router == null ? ANY_MODEL : router.routes().get(0).modelId();
  }

  /** One call on its way over the routes. */
  private final class Call implements RouteCall {
    private final ChatRequest request;
    private final ActionGate.Passed passed;
    private final Digest input;
    private final String key = agent.nextId();
    private final String id = key + Journal.again(agent.begun());
    private final ProgressMeter meter = new ProgressMeter(agent);
    private final StuckClock.Pause paused = agent.run().stuck().new Pause();
    private volatile @Nullable AttemptExchange exchange;
    private @Nullable String reservation;
    private boolean inFlight;
    private @Nullable ModelRoute route;
    private @Nullable ModelPricing pricing;
    private int attempts;
    private int routes;

    Call(ChatRequest request, Digest input, ActionGate.Passed passed) {
      this.request = request;
      this.passed = passed;
      this.input = input;
    }

    ChatReply make(ModelRouter router) {
      Runnable abort = this::abortAttempt;
      agent.control().onCancel(abort);
      paused.hold();
      RoutedReply routed;
      try {
        routed = router.call(this);
      } catch (ModelException e) {
        unknownOutcome(e);
        agent.checkTime();
        throw e.kind() == ModelException.Kind.ABORTED ? e : agent.errors().failed(e, "model");
      } catch (InterruptedException e) {
        unknownOutcome(null);
        agent.control().check();
        Thread.currentThread().interrupt();
        throw agent
            .errors()
            .failed(
                new ModelException(
                    ModelException.Kind.ABORTED, "the model call was interrupted from outside"),
                "model");
      } catch (RuntimeException | Error e) {
        unknownOutcome(null);
        throw e;
      } finally {
        agent.control().forget(abort);
        paused.end();
        agent.run().stuck().progress();
      }
      attempts = routed.attempts();
      return routed.reply();
    }

    @Override
    public void beforeAttempt(ModelRoute route, int attempt) {
      agent.control().check();
      if (reservation != null) {
        return; // the attempt before took nothing
      }
      ChatRequest routed = request(route);
      pricing = route.model().pricing(route.modelId()).orElse(null);
      ModelPricing known = pricing;
      long promptBytes = routed.promptBytes();
      long tokens = promptBytes + routed.maxTokens();
      BigDecimal cost =
          known == null ? BigDecimal.ZERO : known.cost(promptBytes, routed.maxTokens());
      String reserved = id + "/" + routes++;
      Applied<Spend> applied =
          agent.apply(new Command.Reserve(agent.id(), agent.fence(), reserved, tokens, cost));
      if (!applied.accepted()) {
        throw gate.refuse(
            passed.action(),
            "budget",
            applied.reason(),
            "the call could take "
                + tokens
                + " tokens and "
                + cost.toPlainString()
                + " USD, more than is left of "
                + agent.run().terms().spend().tokens()
                + " tokens and "
                + agent.run().terms().spend().cost()
                + "; raise SpendBudget.perRun or lower maxTokens");
      }
      reserved(reserved);
      agent.run().spendWatch().look(agent, applied.orThrow());
      try {
        if (routes == 1) {
          agent.begin("model", input);
        }
        agent.remember();
        Map<String, Object> body = gate.intent(passed, input);
        body.put("route", route.uri());
        body.put("reserved_tokens", tokens);
        body.put("reserved_cost", cost.toPlainString());
        gate.write(passed.action(), LedgerTypes.INTENT, reserved + "/intent", body);
      } catch (RuntimeException e) {
        release();
        throw e;
      }
    }

    private void reserved(@Nullable String id) {
      reservation = id;
      agent.reserved(id);
    }

    private void release() {
      String reserved = reservation;
      if (reserved != null) {
        reserved(null);
        agent.run().store().apply(new Command.Release(agent.id(), agent.fence(), reserved));
      }
    }

    @Override
    public ChatRequest request(ModelRoute route) {
      return ModelInput.forRoute(request, route.modelId(), agent.run().services().cleaner());
    }

    @Override
    public Exchange exchange(ModelRoute route, int attempt, Duration timeout) {
      AttemptExchange made =
          new AttemptExchange(
              new AttemptExchange.Caller(
                  agent.run().terms().run(),
                  agent.id(),
                  agent.definition().role(),
                  agent.phase(),
                  turn),
              key,
              agent.run().services().time(),
              timeout,
              meter::delta);
      exchange = made;
      this.route = route;
      inFlight = true;
      paused.hold();
      if (agent.control().cancelled()) {
        abortAttempt();
      }
      return made;
    }

    @Override
    public void abortAttempt() {
      paused.end(); // a call pauses the stuck clock for its own timeout and no longer
      AttemptExchange current = exchange;
      if (current != null) {
        agent.control().callAborts(current.beginAbort());
      }
    }

    /** What an attempt may have taken stays charged, whatever becomes of the next. */
    @Override
    public void retrying(ModelRoute route, ModelException error) {
      if (error.usage().isPresent() || error.mayHaveCost()) {
        unknownOutcome(error);
      }
      inFlight = false;
    }

    /** What the route took is unknown unless its provider said so; it stays charged then. */
    @Override
    public void failedRoute(ModelRoute route, ModelException error) {
      unknownOutcome(error);
    }

    private void unknownOutcome(@Nullable ModelException error) {
      String reserved = reservation;
      if (reserved == null) {
        return;
      }
      reserved(null);
      Usage told = error == null ? null : error.usage().orElse(null);
      boolean nothingTaken = !inFlight || (error != null && !error.mayHaveCost());
      inFlight = false;
      Command<?> command;
      if (told != null) {
        command = settle(reserved, told);
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
        settling.begin();
        router
            .settlements()
            .ask(
                asked.model(),
                reply,
                usage -> settledLater(settle(reserved, usage), reply),
                () -> agent.run().services().control().tell(settling::end));
      }
    }

    private void settledLater(Command.Settle settle, String reply) {
      agent.run().store().apply(settle);
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

    private Command.Settle settle(String reserved, Usage usage) {
      BigDecimal cost = usage.costUsd();
      ModelPricing known = pricing;
      if (cost == null) {
        cost =
            known == null
                ? BigDecimal.ZERO
                : known.cost(usage.promptTokens(), usage.completionTokens());
      }
      return new Command.Settle(
          agent.id(),
          agent.fence(),
          reserved,
          usage.promptTokens(),
          usage.completionTokens(),
          cost);
    }

    /** Remembers the reply and its outcome, then settles; the store says if it may be used. */
    void conclude(ChatReply reply) {
      String reserved = reservation;
      if (reserved == null) {
        throw new AssertionError("a reply without a reservation");
      }
      reserved(null);
      Command.Settle settle = settle(reserved, reply.usage());
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("call", key);
      body.put("result", "REPLY");
      body.put("reply", Digest.sha256(reply.text()).hex());
      body.put("model", reply.model());
      body.put("prompt_tokens", settle.promptTokens());
      body.put("completion_tokens", settle.completionTokens());
      body.put("cost", settle.cost().toPlainString());
      body.put("attempts", attempts);
      GovernanceException forgotten = null;
      LedgerUnavailableException unledgered = null;
      try {
        forgotten =
            Durably.inOrder(
                agent,
                agent
                    .run()
                    .evidence()
                    .entry(agent.id(), LedgerTypes.OUTCOME, reserved + "/outcome", body));
      } catch (LedgerUnavailableException e) {
        unledgered = e;
      }
      Applied<?> settled = agent.run().store().apply(settle);
      if (unledgered != null) {
        throw withheld("LEDGER", "the outcome of a model call could not be recorded");
      }
      if (forgotten != null) {
        throw withheld(Failures.code(forgotten), String.valueOf(forgotten.getMessage()));
      }
      if (!settled.accepted()) {
        throw RunContext.stopped(agent.id(), agent.control(), causeOf(settled.status()));
      }
    }

    private AgentStoppedException withheld(String code, String message) {
      agent.control().check();
      agent.run().signals().failed(code, message + "; the reply was withheld");
      return RunContext.stopped(agent.id(), agent.control(), AgentStoppedException.Cause.RUN_ENDED);
    }

    @Override
    public boolean cancelled() {
      return agent.control().cancelled();
    }

    @Override
    public Duration remaining() {
      return agent.run().active().remaining();
    }

    @Override
    public boolean pause(Duration wait) throws InterruptedException {
      TimeSource.Waiter waiter = agent.run().services().time().waiter();
      Runnable wake = waiter::signal;
      agent.control().onCancel(wake);
      try {
        waiter.await(wait);
      } finally {
        agent.control().forget(wake);
      }
      return !agent.control().cancelled();
    }
  }

  private static AgentStoppedException.Cause causeOf(Applied.Status status) {
    return switch (status) {
      case REVOKED -> AgentStoppedException.Cause.REVOKED;
      case FENCED -> AgentStoppedException.Cause.LEASE_LOST;
      case STOPPED, CONFLICT, OK, DUP -> AgentStoppedException.Cause.RUN_ENDED;
    };
  }
}
