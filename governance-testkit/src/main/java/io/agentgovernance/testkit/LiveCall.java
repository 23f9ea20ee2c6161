// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.OptionalLong;

/** One call as it happens. Performed by its own thread; any thread may release it. */
final class LiveCall {
  private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final Duration SPIN_LIMIT = Duration.ofMinutes(1);

  final long number;
  final ChatRequest request;
  final Exchange exchange;
  private final TimeSource time;
  private final TimeSource.Waiter waiter;
  private final long started;
  private volatile boolean released;
  private boolean aborted; // this and what follows: guarded by the lock of the CallLog
  private OptionalLong finished = OptionalLong.empty();
  private ScriptedCall.End end = ScriptedCall.End.RUNNING;

  LiveCall(long number, ChatRequest request, Exchange exchange) {
    this.number = number;
    this.request = request;
    this.exchange = exchange;
    this.time = exchange.time();
    this.waiter = time.waiter();
    this.started = time.ticks();
  }

  ChatReply perform(Turn.Attempt attempt) throws InterruptedException {
    exchange.onAbort(waiter::signal);
    for (ModelFault fault : attempt.holds()) {
      hold(fault);
    }
    ReplyScript script = attempt.reply();
    if (script == null) {
      throw new ModelException(
          ModelException.Kind.UNAVAILABLE,
          "scripted: released, and no reply is scripted after what held the call up");
    }
    ScriptedReply reply = ScriptedReply.of(script.reply(request, exchange));
    for (String chunk : reply.chunks()) {
      pause(reply.between());
      exchange.delta(chunk);
    }
    return reply.toChatReply(request, exchange);
  }

  private void hold(ModelFault fault) throws InterruptedException {
    if (fault instanceof ModelFault.Delay delay) {
      pause(delay.by());
    } else if (fault instanceof ModelFault.Hang) {
      pause(FOREVER);
    } else if (fault instanceof ModelFault.IgnoreInterrupts) {
      ignoreInterrupts();
    } else if (fault instanceof ModelFault.Spin) {
      spin();
    } else {
      throw new AssertionError(fault);
    }
  }

  private void pause(Duration wait) throws InterruptedException {
    long since = time.ticks();
    while (!released) {
      if (exchange.aborted()) {
        throw new ModelException(ModelException.Kind.ABORTED, "scripted: the call was aborted");
      }
      Duration left = wait.minusNanos(time.ticks() - since);
      if (left.isNegative() || left.isZero()) {
        return;
      }
      waiter.await(left);
    }
  }

  private void ignoreInterrupts() {
    while (!released) {
      try {
        waiter.await(FOREVER);
      } catch (InterruptedException e) {
        // What this fault is about: the interrupt is lost.
      }
    }
  }

  private void spin() {
    long since = System.nanoTime();
    while (!released && System.nanoTime() - since < SPIN_LIMIT.toNanos()) {
      Thread.onSpinWait();
    }
  }

  /** Lets the call go on; nothing holds it up any more. */
  void release() {
    released = true;
    waiter.signal();
  }

  void finish(ScriptedCall.End how) {
    finished = OptionalLong.of(time.ticks());
    aborted = exchange.aborted();
    end = how;
  }

  ScriptedCall snapshot() {
    return new ScriptedCall(
        number,
        exchange.run(),
        exchange.agent(),
        exchange.role(),
        exchange.phase(),
        exchange.turn(),
        request,
        started,
        finished,
        end,
        end == ScriptedCall.End.RUNNING ? exchange.aborted() : aborted);
  }
}
