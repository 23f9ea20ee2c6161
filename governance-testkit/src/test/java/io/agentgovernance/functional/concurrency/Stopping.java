// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.StopReport;
import io.agentgovernance.StopReport.Confirmation;
import io.agentgovernance.agent.Team;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.Workers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Models that end when they are told to, and those that do not. */
abstract class Stopping {
  static final Duration STEP = Duration.ofMillis(100);
  final ManualTime time = Runs.manualTime();
  final CountDownLatch inside = new CountDownLatch(1);
  final Held held = new Held();
  final Semaphore hooked = new Semaphore(0);
  final Team asking = Runs.alone(ctx -> ctx.model().ask(Prompt.user("Is it done?")).text());

  OrchestratorBuilder builder() {
    return Orchestrator.builder().time(time).workers(Workers.platform(8)).timeout(Runs.LONG);
  }

  /** Waits until it is released or interrupted. */
  ChatModel polite() {
    return (request, exchange) -> {
      inside.countDown();
      held.politely();
      return ChatReply.of("done", Usage.of(1, 1), request.model());
    };
  }

  ChatModel withAbortHook(Runnable hook) {
    return (request, exchange) -> {
      exchange.onAbort(hook);
      hooked.release();
      held.politely();
      return ChatReply.of("done", Usage.of(1, 1), request.model());
    };
  }

  static Confirmation only(StopReport report) {
    assertThat(report.agents()).hasSize(1);
    return report.agents().values().iterator().next();
  }
}
