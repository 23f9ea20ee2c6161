// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.calls.AttemptExchange;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Asks a model as the runtime does. Thread safe but for the choice of a run. */
final class Asking {
  private final ChatModel model;
  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final List<String> deltas = new CopyOnWriteArrayList<>();
  private RunId run = RunId.of("run");

  Asking(ChatModel model) {
    this.model = model;
  }

  Asking run(String id) {
    run = RunId.of(id);
    return this;
  }

  ManualTime time() {
    return time;
  }

  List<String> deltas() {
    return deltas;
  }

  ChatReply as(String role, int turn) throws InterruptedException {
    return in(AgentPhase.EXECUTE, role, turn);
  }

  ChatReply in(AgentPhase phase, String role, int turn) throws InterruptedException {
    return with(exchange(phase, role, turn));
  }

  ChatReply with(AttemptExchange exchange) throws InterruptedException {
    return model.chat(
        ChatRequest.builder("test-model").message(Message.user("question")).build(), exchange);
  }

  AttemptExchange exchange(String role, int turn) {
    return exchange(AgentPhase.EXECUTE, role, turn);
  }

  private AttemptExchange exchange(AgentPhase phase, String role, int turn) {
    AgentRole asking = AgentRole.of(role);
    return new AttemptExchange(
        new AttemptExchange.Caller(run, run.agent(asking), asking, phase, turn),
        "key",
        time,
        Duration.ofMinutes(1),
        deltas::add);
  }
}
