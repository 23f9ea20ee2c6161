// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Keeps the deltas and aborts after as many as a test says. */
final class TestExchange implements Exchange {
  final List<String> deltas = new ArrayList<>();
  int abortAfter = Integer.MAX_VALUE;

  @Override
  public void delta(String text) {
    deltas.add(text);
  }

  @Override
  public void onAbort(Runnable hook) {
    if (aborted()) {
      hook.run();
    }
  }

  @Override
  public boolean aborted() {
    return deltas.size() >= abortAfter;
  }

  @Override
  public Duration remaining() {
    return Duration.ofSeconds(30);
  }

  @Override
  public TimeSource time() {
    throw new AssertionError("the local model must not look at a clock");
  }

  @Override
  public String idempotencyKey() {
    return "key";
  }

  @Override
  public RunId run() {
    return RunId.of("run");
  }

  @Override
  public AgentId agent() {
    return AgentId.of("run-alpha");
  }

  @Override
  public AgentRole role() {
    return AgentRole.ALPHA;
  }

  @Override
  public AgentPhase phase() {
    return AgentPhase.EXECUTE;
  }

  @Override
  public int turn() {
    return 1;
  }
}
