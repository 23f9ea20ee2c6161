// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A call whose pauses move the hand of the clock. */
class FakeCall implements RouteCall {
  final List<String> log = new ArrayList<>();
  final List<Duration> pauses = new ArrayList<>();
  final List<Duration> timeouts = new ArrayList<>();
  volatile boolean cancelled;

  private final HandTime time;
  private final long start;
  private final Duration budget;
  private volatile AttemptExchange exchange;

  FakeCall(HandTime time, Duration budget) {
    this.time = time;
    this.start = time.ticks();
    this.budget = budget;
  }

  @Override
  public void beforeAttempt(ModelRoute route, int attempt) throws InterruptedException {
    log.add(route.uri() + "#" + attempt);
  }

  @Override
  public ChatRequest request(ModelRoute route) {
    return ChatRequest.builder(route.modelId())
        .message(new Message(Message.Role.USER, List.of(new Part.Text("secret prompt"))))
        .build();
  }

  @Override
  public Exchange exchange(ModelRoute route, int attempt, Duration timeout) {
    timeouts.add(timeout);
    exchange =
        new AttemptExchange(
            new AttemptExchange.Caller(
                RunId.of("run1"), AgentId.of("a"), AgentRole.ALPHA, AgentPhase.EXECUTE, 1),
            "key",
            time,
            timeout,
            delta -> {});
    return exchange;
  }

  @Override
  public void abortAttempt() {
    exchange.abort();
  }

  @Override
  public void failedRoute(ModelRoute route, ModelException error) {
    log.add(route.uri() + " " + error.kind());
  }

  @Override
  public boolean cancelled() {
    return cancelled;
  }

  @Override
  public Duration remaining() {
    Duration left = budget.minusNanos(time.ticks() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public boolean pause(Duration wait) throws InterruptedException {
    pauses.add(wait);
    time.advance(wait);
    return !cancelled;
  }
}
