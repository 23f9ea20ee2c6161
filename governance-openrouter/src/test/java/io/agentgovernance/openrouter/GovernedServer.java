// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.ManualTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server of models, and runs that call them. */
abstract class GovernedServer {
  final ManualTime time = ManualTime.startingAt(Instant.parse("2026-11-20T12:00:00Z"));
  final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  final List<String> transitions = new CopyOnWriteArrayList<>();
  volatile Function<String, MockResponse> answers = model -> ok(10, 5, "0.001");
  MockWebServer server;

  @BeforeEach
  void start() throws Exception {
    server = Servers.prompt();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            if (!request.getUrl().encodedPath().endsWith("/chat/completions")) {
              return new MockResponse.Builder().code(404).build();
            }
            String model = Payload.json(request.getBody().utf8()).at("/model").orElseThrow().text();
            asked.computeIfAbsent(model, name -> new AtomicInteger()).incrementAndGet();
            return answers.apply(model);
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  int asked(String model) {
    return asked.getOrDefault(model, new AtomicInteger()).get();
  }

  static MockResponse ok(long prompt, long completion, String cost) {
    String usage =
        "{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"cost\":%s}"
            .formatted(prompt, completion, cost);
    return new MockResponse.Builder()
        .setHeader("Content-Type", "text/event-stream")
        .body(
            "data: {\"id\":\"gen-1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
                + "\"ok\"},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: {\"id\":\"gen-1\",\"choices\":[],\"usage\":"
                + usage
                + "}\n\ndata: [DONE]\n\n")
        .build();
  }

  OrchestratorBuilder builder(String... models) {
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .secrets(TestKeys.SOURCE)
            .providerSetting("openrouter.base-url", server.url("/api/v1").toString())
            .providerSetting("openrouter.dialect", "openrouter")
            .providerSetting("openrouter.api-key", "vault:api-keys/openrouter")
            .providerSetting("openrouter.prompt-price", "1")
            .providerSetting("openrouter.completion-price", "10")
            .listener(this::note);
    for (String model : models) {
      builder.model("openrouter:" + model);
    }
    return builder;
  }

  void note(Event event) {
    if (event.type().equals(EventTypes.CIRCUIT_STATE)) {
      transitions.add(event.data().at("/to").map(Payload::text).orElse("?"));
    }
  }

  OrchestrationResult run(OrchestratorBuilder builder) {
    try (Orchestrator orchestrator = builder.time(time).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Reach something"));
      var completion = run.completion();
      time.awaitIdle();
      while (!completion.isDone() && time.advanceWhenIdle()) {}
      return completion.orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  static Agent asking(String name, int times) {
    return Agent.of(
        name,
        ctx -> {
          for (int i = 0; i < times; i++) {
            ctx.model().ask(Prompt.user("question " + i).maxTokens(100));
          }
          return name + " is done";
        });
  }
}
