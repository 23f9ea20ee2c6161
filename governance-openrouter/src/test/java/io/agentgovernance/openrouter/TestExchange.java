// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An exchange a test holds in its hands. */
class TestExchange implements Exchange {
  private final Duration limit;
  private final long start = TimeSource.system().ticks();
  private final List<String> deltas = new CopyOnWriteArrayList<>();
  private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
  private final Consumer<String> watcher;
  private volatile boolean aborted;
  private volatile String replyId = "";

  TestExchange() {
    this(Duration.ofSeconds(30), delta -> {});
  }

  TestExchange(Duration limit, Consumer<String> watcher) {
    this.limit = limit;
    this.watcher = watcher;
  }

  List<String> deltas() {
    return List.copyOf(deltas);
  }

  String replyId() {
    return replyId;
  }

  void abort() {
    aborted = true;
    hooks.forEach(Runnable::run);
  }

  @Override
  public void delta(String text) {
    deltas.add(text);
    watcher.accept(text);
  }

  @Override
  public void replyStarted(String id) {
    replyId = id;
  }

  @Override
  public void onAbort(Runnable hook) {
    hooks.add(hook);
    if (aborted) {
      hook.run();
    }
  }

  @Override
  public boolean aborted() {
    return aborted;
  }

  @Override
  public Duration remaining() {
    Duration left = limit.minusNanos(TimeSource.system().ticks() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public TimeSource time() {
    return TimeSource.system();
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
    return AgentId.of("run-writer");
  }

  @Override
  public AgentRole role() {
    return AgentRole.of("writer");
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
