// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.ManualTime;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The tokens of a model behind a socket are progress of the run, until it is stopped. */
class StreamedProgressTest {
  private static final int TOKENS = 20;

  /** More than is between two progress events of one agent. */
  private static final Duration TICK = Duration.ofMillis(101);

  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-11-20T12:00:00Z"));
  private final BlockingQueue<Event> progress = new LinkedBlockingQueue<>();

  private void stream(OutputStream out, int tokens) throws IOException {
    for (int i = 0; i < tokens; i++) {
      time.advance(TICK);
      RawServer.write(out, RawServer.chunk("tok" + i % 10));
    }
  }

  private Event next() throws InterruptedException {
    Event event = progress.poll(20, TimeUnit.SECONDS);
    assertThat(event).as("a progress event").isNotNull();
    return event;
  }

  private static long number(Event event, String name) {
    return Long.parseLong(event.data().at("/" + name).orElseThrow().json());
  }

  private static OpenRouterChatModel client(RawServer server) {
    return OpenRouterChatModel.builder("vendor/a")
        .baseUrl(server.url())
        .dialect(Dialect.OPENROUTER)
        .pricing(new ModelPricing(new BigDecimal("0.000001"), new BigDecimal("0.00001")))
        .build();
  }

  private Orchestrator orchestrator(OpenRouterChatModel model) {
    return Orchestrator.builder()
        .time(time)
        .timeout(Duration.ofHours(10))
        .callTimeout(Duration.ofHours(1))
        .mediation(Set.of())
        .model("prod", model)
        .team(
            Team.of(
                DecisionRule.by("writer"),
                Agent.of("writer", ctx -> ctx.model().ask(Prompt.user("w").maxTokens(500)).text())))
        .listener(
            event -> {
              if (event.type().equals(EventTypes.PROGRESS)) {
                progress.add(event);
              }
            })
        .build();
  }

  private static List<Event> progressOf(OrchestrationResult result) {
    return result.timeline().stream().filter(e -> e.type().equals(EventTypes.PROGRESS)).toList();
  }

  @Test
  void tokensBecomeProgressEventsThatAddUpToTheText() throws Exception {
    try (RawServer server =
            RawServer.that(
                (socket, out) -> {
                  RawServer.write(out, RawServer.SSE_HEAD);
                  for (int i = 0; i < TOKENS; i++) {
                    stream(out, 1);
                    assertThat(next().data().at("/agent_id").orElseThrow().text())
                        .endsWith("-writer");
                  }
                  RawServer.write(
                      out,
                      "data: {\"id\":\"gen-1\",\"choices\":[{\"index\":0,\"delta\":{},"
                          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,"
                          + "\"completion_tokens\":20}}\n\ndata: [DONE]\n\n");
                });
        OpenRouterChatModel model = client(server);
        Orchestrator orchestrator = orchestrator(model)) {
      Orchestration run = orchestrator.start(RunRequest.of("Write"));
      OrchestrationResult result = time.advanceUntilDone(run.completion());

      String text = result.solution().map(Payload::text).orElseThrow();
      List<Event> seen = progressOf(result);
      assertThat(seen).as("one for each token, because time passed between them").hasSize(TOKENS);
      assertThat(seen.stream().mapToLong(event -> number(event, "characters")).sum())
          .isEqualTo(text.length());
      assertThat(number(seen.get(TOKENS - 1), "total")).isEqualTo(text.length());
      assertThat(result.usage().exact()).isTrue();
      assertThat(run.settled()).isCompletedWithValue(result.usage());
    }
  }

  @Test
  void afterAStopNoneComesAlthoughTheServerGoesOn() throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    try (RawServer server =
            RawServer.that(
                (socket, out) -> {
                  RawServer.write(out, RawServer.SSE_HEAD);
                  try {
                    stream(out, Integer.MAX_VALUE);
                  } finally {
                    refused.countDown(); // the client has closed the connection
                  }
                });
        OpenRouterChatModel model = client(server);
        Orchestrator orchestrator = orchestrator(model)) {
      Orchestration run = orchestrator.start(RunRequest.of("Write"));
      for (int i = 0; i < 5; i++) {
        Event unused = next();
      }

      run.stop("enough");
      List<Event> atStop = new ArrayList<>();
      run.completion().orTimeout(20, TimeUnit.SECONDS).join().timeline().forEach(atStop::add);
      assertThat(refused.await(20, TimeUnit.SECONDS)).isTrue();

      OrchestrationResult result = run.completion().join();
      assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
      long asked =
          atStop.stream()
              .filter(event -> event.type().equals(EventTypes.STOP_REQUESTED))
              .findFirst()
              .orElseThrow()
              .sequence();
      List<Event> after = new ArrayList<>();
      try (var events = run.events(asked)) {
        for (Event event : events) {
          after.add(event);
        }
      }
      assertThat(progressOf(result)).hasSizeGreaterThanOrEqualTo(5);
      assertThat(after).isNotEmpty().noneMatch(event -> event.type().equals(EventTypes.PROGRESS));
    }
  }
}
