// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One attempt on one route: calls the model within its time and puts a name to what went wrong. */
final class Attempt {
  private final ModelRoute route;
  private final RouteCall call;
  private final TimeSource time;
  private final ChatRequest request;
  private final Exchange exchange;
  private final Duration limit;
  private final Duration remaining;

  Attempt(ModelRoute route, RouteCall call, int number, TimeSource time) {
    this.route = route;
    this.call = call;
    this.time = time;
    this.request = call.request(route);
    this.remaining = call.remaining();
    this.limit = remaining.compareTo(route.callTimeout()) < 0 ? remaining : route.callTimeout();
    this.exchange = call.exchange(route, number, limit);
  }

  /** What came of an attempt, or of all on a route. Neither part is set if the route was open. */
  record Tried(@Nullable ChatReply reply, @Nullable ModelException error) {}

  Tried make() throws InterruptedException {
    ChatReply reply = null;
    Throwable thrown = null;
    boolean late;
    var deadline = new AttemptDeadline(time, limit, call::abortAttempt);
    try {
      reply = route.model().chat(request, exchange);
    } catch (Throwable e) {
      thrown = e;
    } finally {
      late = deadline.end();
    }
    if (thrown != null) {
      return new Tried(null, error(thrown, late));
    } else if (late) {
      return new Tried(null, Failures.timeout(route, limit, reply, null));
    }
    return reply == null ? new Tried(null, Failures.noReply(route)) : new Tried(reply, null);
  }

  private ModelException error(Throwable thrown, boolean late) throws InterruptedException {
    if (thrown instanceof VirtualMachineError e && !(e instanceof StackOverflowError)) {
      throw e;
    } else if (thrown instanceof InterruptedException e && (!late || call.cancelled())) {
      throw e;
    } else if (call.cancelled()) {
      return Failures.aborted("the call was cancelled", thrown);
    } else if (late) {
      return Failures.timeout(route, limit, null, thrown);
    }
    return thrown instanceof ModelException e ? e : Failures.undocumented(route, thrown);
  }

  /** Says whether the agent's time ran out before the route's: no fault of the route. */
  boolean cutShort(ModelException error) {
    return error.kind() == Kind.TIMEOUT && remaining.compareTo(route.callTimeout()) < 0;
  }
}
