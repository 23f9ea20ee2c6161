// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.internal.calls.AttemptExchange;
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
import io.agentgovernance.payload.Digest;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One model call on its way over the routes: reserve, INTENT, act, remember, OUTCOME, settle. What
 * it is charged is in its {@link CallCharge}.
 *
 * <p>Not thread safe: confined to the agent's thread, except {@link #abortAttempt} and what streams
 * in, which any thread may call.
 */
final class ModelCall implements RouteCall {
  /**
   * What is asked.
   *
   * @param input the digest of the request
   * @param passed what the policies said of it
   * @param turn which call of the agent in this phase it is
   */
  record Asked(ChatRequest request, Digest input, ActionGate.Passed passed, int turn) {}

  private final AgentRunner agent;
  private final ActionGate gate;
  private final Asked asked;
  private final String key;
  private final String id;
  private final CallCharge charge;
  private final ProgressMeter meter;
  private final StuckClock.Pause paused;
  private volatile @Nullable AttemptExchange exchange;
  private int attempts;
  private int routes;

  ModelCall(AgentRunner agent, ActionGate gate, Asked asked) {
    this.agent = agent;
    this.gate = gate;
    this.asked = asked;
    this.key = agent.nextId();
    this.id = key + Journal.again(agent.begun());
    this.charge = new CallCharge(agent, key);
    this.meter = new ProgressMeter(agent);
    this.paused = agent.run().stuck().new Pause();
  }

  /** Makes the call; blocks until there is a reply, or nobody gives one. */
  ChatReply make(ModelRouter router) {
    Runnable abort = this::abortAttempt;
    agent.control().onCancel(abort);
    paused.hold();
    RoutedReply routed;
    try {
      routed = router.call(this);
    } catch (ModelException e) {
      charge.unknown(e);
      agent.checkTime();
      throw e.kind() == ModelException.Kind.ABORTED ? e : agent.errors().failed(e, "model");
    } catch (InterruptedException e) {
      charge.unknown(null);
      agent.control().check();
      Thread.currentThread().interrupt();
      throw agent
          .errors()
          .failed(
              new ModelException(
                  ModelException.Kind.ABORTED, "the model call was interrupted from outside"),
              "model");
    } catch (RuntimeException | Error e) {
      charge.unknown(null);
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
    if (charge.reserved() != null) {
      return; // the attempt before took nothing
    }
    String reserved = id + "/" + routes++;
    CallCharge.Bound bound = charge.reserve(route, request(route), reserved, this::refused);
    try {
      if (routes == 1) {
        agent.begin("model", asked.input());
      }
      agent.remember();
      Map<String, Object> body = gate.intent(asked.passed(), asked.input());
      body.put("route", route.uri());
      body.put("reserved_tokens", bound.tokens());
      body.put("reserved_cost", bound.cost().toPlainString());
      gate.write(asked.passed().action(), LedgerTypes.INTENT, reserved + "/intent", body);
    } catch (RuntimeException e) {
      charge.release();
      throw e;
    }
  }

  private RuntimeException refused(CallCharge.Bound bound, String reason) {
    return gate.refuse(
        asked.passed().action(),
        "budget",
        reason,
        "the call could take "
            + bound.tokens()
            + " tokens and "
            + bound.cost().toPlainString()
            + " USD, more than is left of "
            + agent.run().terms().spend().tokens()
            + " tokens and "
            + agent.run().terms().spend().cost()
            + "; raise SpendBudget.perRun or lower maxTokens");
  }

  @Override
  public ChatRequest request(ModelRoute route) {
    return ModelInput.forRoute(asked.request(), route.modelId(), agent.run().services().cleaner());
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
                asked.turn()),
            key,
            agent.run().services().time(),
            timeout,
            meter::delta);
    exchange = made;
    charge.sent(route, made);
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
      charge.unknown(error);
    }
    charge.notSent();
  }

  /** What the route took is unknown unless its provider said so; it stays charged then. */
  @Override
  public void failedRoute(ModelRoute route, ModelException error) {
    charge.unknown(error);
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

  /** Remembers the reply and its outcome, then settles; the store says if it may be used. */
  void conclude(ChatReply reply) {
    Command.Settle settle = charge.settle(reply.usage());
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
                  .entry(
                      agent.id(), LedgerTypes.OUTCOME, settle.reservationId() + "/outcome", body));
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

  private static AgentStoppedException.Cause causeOf(Applied.Status status) {
    return switch (status) {
      case REVOKED -> AgentStoppedException.Cause.REVOKED;
      case FENCED -> AgentStoppedException.Cause.LEASE_LOST;
      case STOPPED, CONFLICT, OK, DUP -> AgentStoppedException.Cause.RUN_ENDED;
    };
  }
}
