// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.StopReport;
import io.agentgovernance.StopReport.Confirmation;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.internal.concurrent.AgentTask;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Waits for the threads of stopped agents to end, for the time of confirmations at most. */
final class StopConfirmation {
  private final RunContext run;
  private final List<AgentRunner> agents;
  private final CompletableFuture<Void> told;
  private final long limit;

  /**
   * @param told completes when the store has answered, or does not answer
   */
  StopConfirmation(RunContext run, List<AgentRunner> agents, CompletableFuture<Void> told) {
    this.run = run;
    this.agents = agents;
    this.told = told;
    this.limit =
        run.services().time().ticks() + run.services().tuning().stopConfirmation().toNanos();
  }

  /** Waits until the store was told, within the same time. */
  void awaitStore() {
    await(told, "the coordination store has not confirmed the stop yet");
  }

  /** Waits until the stop is remembered, within the same time. */
  void awaitMemory(CompletableFuture<Void> remembered) {
    await(remembered, "the stop is not remembered yet");
  }

  private void await(CompletableFuture<Void> known, String warning) {
    if (known.isDone()) {
      return;
    }
    TimeSource time = run.services().time();
    TimeSource.Waiter waiter = time.waiter();
    CompletableFuture<Void> unused = known.thenRun(waiter::signal);
    try {
      if (!known.isDone() && !waiter.await(Duration.ofNanos(limit - time.ticks()))) {
        run.evidence().warn(warning);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  StopReport await() {
    TimeSource time = run.services().time();
    TimeSource.Waiter waiter = time.waiter();
    for (AgentRunner agent : agents) {
      AgentTask task = agent.control().task();
      if (agent.away()) {
        agent.standing().onEndAway(waiter::signal);
      }
      if (task != null) {
        agent.control().onAborted(waiter::signal);
        task.onEnd(waiter::signal);
      }
    }
    try {
      while (agents.stream().anyMatch(StopConfirmation::running)) {
        long left = limit - time.ticks();
        if (left <= 0 || (!waiter.await(Duration.ofNanos(left)) && time.ticks() - limit >= 0)) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Map<AgentId, Confirmation> confirmations = new LinkedHashMap<>();
    agents.forEach(agent -> confirmations.put(agent.id(), confirmation(agent)));
    return new StopReport(confirmations);
  }

  /** Whether an agent is still to be waited for; one that stops itself is not. */
  private static boolean running(AgentRunner agent) {
    AgentTask task = agent.control().task();
    if (task == null) {
      return agent.away() && !agent.ended() && !agent.suspended();
    }
    boolean itself = task.thread().filter(thread -> thread == Thread.currentThread()).isPresent();
    return agent.control().aborting() || (!task.ended() && !itself);
  }

  private static Confirmation confirmation(AgentRunner agent) {
    AgentTask task = agent.control().task();
    if (agent.away() && !agent.suspended()) {
      return agent.ended() ? Confirmation.CONFIRMED : Confirmation.TIMED_OUT;
    }
    if (task == null || agent.suspended()) {
      return Confirmation.NO_HANDLER;
    } else if (!task.ended() || agent.control().aborting()) {
      return Confirmation.TIMED_OUT;
    }
    return agent.control().hookFailed() ? Confirmation.FAILED : Confirmation.CONFIRMED;
  }
}
