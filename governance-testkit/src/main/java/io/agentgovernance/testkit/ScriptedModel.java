// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelPricing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model that does what a test says.
 *
 * <p>It is scripted by the role that asks, the phase it is in and the turn, never by the order in
 * which calls of different agents happen to come. So a test means the same however its agents are
 * scheduled. See {@link Script} for what can be said.
 *
 * <pre>{@code
 * ScriptedModel model = ScriptedModel.create()
 *     .on("ALPHA").reply(new Risk("low")).reply("revised")
 *     .on("BETA", AgentPhase.EXECUTE).turn(2).fail(Kind.TIMEOUT)
 *     .otherwise().reply("fine")
 *     .model();
 * }</pre>
 *
 * <p>A call for which nothing is scripted fails with {@link ModelException.Kind#INVALID_REQUEST},
 * which no retry and no other route mends, and is listed in {@link #unscripted()}.
 *
 * <p>It records its calls, with their requests; the latest {@value #DEFAULT_KEPT_CALLS} are kept.
 * Thread safe. Waits of a call use the time source of its exchange; those of a test, such as {@link
 * #awaitCalls}, use real time, and fail after 30 seconds of it.
 */
public final class ScriptedModel implements ChatModel {
  /** How many calls are kept if nothing else is said. */
  public static final int DEFAULT_KEPT_CALLS = 10_000;

  private static final int KEPT_MESSAGES = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ScriptBook book = new ScriptBook();
  private final CallLog log;
  private final Deque<String> unscripted = new ArrayDeque<>(); // guarded by itself
  private volatile @Nullable ModelPricing pricing;

  private ScriptedModel(int keptCalls) {
    this.log = new CallLog(keptCalls);
  }

  /** Makes a model without a script. */
  public static ScriptedModel create() {
    return keeping(DEFAULT_KEPT_CALLS);
  }

  /**
   * Makes a model without a script that keeps the latest so many calls.
   *
   * @throws IllegalArgumentException if {@code calls} is negative
   */
  public static ScriptedModel keeping(int calls) {
    if (calls < 0) {
      throw new IllegalArgumentException("calls must be >= 0 but was " + calls);
    }
    return new ScriptedModel(calls);
  }

  /** Begins the script of a role, in every phase that has none of its own. */
  public Script on(String role) {
    return Script.of(this, book, role, null);
  }

  /** Begins the script of a role in one phase. */
  public Script on(String role, AgentPhase phase) {
    return Script.of(this, book, role, requireNonNull(phase, "phase"));
  }

  /** Begins the script of every call that has none, whoever makes it. */
  public Script otherwise() {
    return new Script(this, book, new ScriptBook.Part(null, null)).always();
  }

  /** Sets the prices of every model. If unset, unknown. */
  public ScriptedModel pricing(ModelPricing pricing) {
    this.pricing = requireNonNull(pricing, "pricing");
    return this;
  }

  @Override
  public ChatReply chat(ChatRequest request, Exchange exchange) throws InterruptedException {
    LiveCall call = log.begin(request, exchange);
    ScriptedCall.End end = ScriptedCall.End.FAILED;
    try {
      Turn.Attempt attempt = book.find(exchange).orElseThrow(() -> unscripted(exchange));
      ChatReply reply = call.perform(attempt);
      end = ScriptedCall.End.REPLIED;
      return reply;
    } catch (InterruptedException e) {
      end = ScriptedCall.End.INTERRUPTED;
      throw e;
    } finally {
      log.end(call, end);
    }
  }

  private ModelException unscripted(Exchange exchange) {
    String message =
        "scripted model: role "
            + exchange.role()
            + ", phase "
            + exchange.phase()
            + ", turn "
            + exchange.turn()
            + " is not scripted; scripted: "
            + book.contents()
            + ". Script it with on(\""
            + exchange.role()
            + "\").turn("
            + exchange.turn()
            + "), or all others with otherwise().";
    synchronized (unscripted) {
      if (unscripted.size() == KEPT_MESSAGES) {
        unscripted.removeFirst();
      }
      unscripted.addLast(message);
    }
    return new ModelException(ModelException.Kind.INVALID_REQUEST, message);
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public Optional<ModelPricing> pricing(String model) {
    return Optional.ofNullable(pricing);
  }

  /** Returns the calls, those that run included, in the order they began. */
  public List<ScriptedCall> calls() {
    return log.calls();
  }

  /** Returns the calls of agents with this role, in the order they began. */
  public List<ScriptedCall> callsOf(String role) {
    AgentRole wanted = AgentRole.of(role);
    return calls().stream().filter(call -> call.role().equals(wanted)).toList();
  }

  /**
   * Returns the calls that ended later than this.
   *
   * @param ticks a moment of the exchanges' time source
   */
  public List<ScriptedCall> finishedAfter(long ticks) {
    return calls().stream()
        .filter(call -> call.finished().isPresent() && call.finished().getAsLong() - ticks > 0)
        .toList();
  }

  /** Returns how many calls began, also those no longer kept. */
  public long totalCalls() {
    return log.total();
  }

  /** Returns how many calls run now. */
  public int running() {
    return log.running();
  }

  /** Returns what calls without a script were told, oldest first, the last 100 of them. */
  public List<String> unscripted() {
    synchronized (unscripted) {
      return List.copyOf(unscripted);
    }
  }

  /** Waits in real time until agents with this role have begun so many calls, retries included. */
  public void awaitCalls(String role, int calls) {
    log.awaitStarted(AgentRole.of(role), calls, PATIENCE);
  }

  /** Waits in real time until so many calls of agents with this role have ended. */
  public void awaitFinished(String role, int calls) {
    log.awaitFinished(AgentRole.of(role), calls, PATIENCE);
  }

  /** Lets every call that runs now go on to its reply; nothing holds it up any more. */
  public void releaseAll() {
    log.releaseAll();
  }

  /** Releases all calls, also those to come. */
  @Override
  public void close() {
    log.close();
  }
}
