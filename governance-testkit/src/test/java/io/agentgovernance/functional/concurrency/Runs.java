// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What the tests of this package share. */
final class Runs {
  static final Duration LONG = Duration.ofMinutes(30);
  private static final int PATIENCE_SECONDS = 120;

  private Runs() {}

  static ManualTime manualTime() {
    return ManualTime.startingAt(Instant.parse("2026-01-24T10:00:00Z"));
  }

  /** One agent and no mediator. */
  static Team alone(AgentBody<String> body) {
    return Team.of(DecisionRule.collect(), Agent.of("solo", body)).withoutMediator();
  }

  /** Two agents; with a mediator, so that a run takes three threads. */
  static Team pair(AgentBody<String> alpha, AgentBody<String> beta) {
    return Team.of(DecisionRule.collect(), Agent.of("ALPHA", alpha), Agent.of("BETA", beta));
  }

  static OrchestrationResult result(Orchestration run) {
    return get(run.completion());
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no result", e);
    }
  }

  /** The result of a run that needs time to pass: moves it on, a little at a time. */
  static <T> T get(CompletableFuture<T> future, ManualTime time, Duration step) {
    for (int i = 0; i < 100 * PATIENCE_SECONDS; i++) {
      try {
        return future.get(10, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        time.advance(step);
      } catch (InterruptedException | ExecutionException e) {
        throw new AssertionError("no result", e);
      }
    }
    throw new AssertionError("no result by " + time);
  }

  /** Does something on a thread of its own. */
  static <T> CompletableFuture<T> aside(Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(work.call());
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            },
            "aside");
    thread.setDaemon(true);
    thread.start();
    return done;
  }
}
