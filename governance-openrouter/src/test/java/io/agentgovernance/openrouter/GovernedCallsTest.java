// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.Workers;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs whose models are behind sockets: outages, breakers, budgets. */
class GovernedCallsTest {
  private static final Prompt SHORT = Prompt.user("question").maxTokens(100);

  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-11-20T12:00:00Z"));
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final List<String> transitions = new CopyOnWriteArrayList<>();
  private volatile Function<String, MockResponse> answers = model -> ok(10, 5, "0.001");
  private MockWebServer server;

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

  private int asked(String model) {
    return asked.getOrDefault(model, new AtomicInteger()).get();
  }

  private static MockResponse ok(long prompt, long completion, String cost) {
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

  private static MockResponse error(int status) {
    return new MockResponse.Builder()
        .code(status)
        .body("{\"error\":{\"code\":" + status + ",\"message\":\"m\"}}")
        .build();
  }

  private OrchestratorBuilder builder(String... models) {
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

  private void note(Event event) {
    if (event.type().equals(EventTypes.CIRCUIT_STATE)) {
      transitions.add(event.data().at("/to").map(Payload::text).orElse("?"));
    }
  }

  private OrchestrationResult run(OrchestratorBuilder builder) {
    try (Orchestrator orchestrator = builder.time(time).build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Reach something"));
      var completion = run.completion();
      time.awaitIdle();
      while (!completion.isDone() && time.advanceWhenIdle()) {}
      return completion.orTimeout(30, TimeUnit.SECONDS).join();
    }
  }

  private static Agent asking(String name, int times) {
    return Agent.of(
        name,
        ctx -> {
          for (int i = 0; i < times; i++) {
            ctx.model().ask(Prompt.user("question " + i).maxTokens(100));
          }
          return name + " is done";
        });
  }

  enum Fault {
    RATE_LIMITED_WITH_SECONDS,
    BAD_GATEWAY,
    UNAVAILABLE,
    RESET,
    BROKEN_STREAM,
    ERROR_IN_STREAM;

    MockResponse response() {
      return switch (this) {
        case RATE_LIMITED_WITH_SECONDS ->
            error(429).newBuilder().setHeader("Retry-After", "3").build();
        case BAD_GATEWAY -> error(502);
        case UNAVAILABLE -> error(503);
        case RESET ->
            ok(1, 1, "0").newBuilder().onResponseStart(new SocketEffect.CloseSocket()).build();
        case BROKEN_STREAM ->
            new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body("data: {\"choices\":[{\"delta\":{\"content\":\"o\"}}]}\n\n")
                .build();
        case ERROR_IN_STREAM ->
            new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body("data: {\"error\":{\"code\":502,\"message\":\"m\"},\"choices\":[]}\n\n")
                .build();
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void anOutageOfAModelIsSurvivedByFallbackAndNobodyIsRevokedForIt(Fault fault) {
    answers = model -> model.equals("vendor/a") ? fault.response() : ok(10, 5, "0.001");

    OrchestrationResult result =
        run(
            builder("vendor/a", "vendor/b")
                .team(Team.of(DecisionRule.collect(), asking("one", 4), asking("two", 4))));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.agents())
        .allSatisfy(
            agent -> {
              assertThat(agent.status()).isEqualTo(AgentStatus.COMPLETED);
              assertThat(agent.errors()).isZero();
            });
    assertThat(asked("vendor/b")).isEqualTo(8);
    assertThat(asked("vendor/a"))
        .as("the fifth failure opens the route; what two agents had under way may add one")
        .isBetween(5, 6);
    assertThat(transitions.get(0)).isEqualTo("OPEN");
  }

  /** The control: without a fallback the same outage ends the agents. */
  @Test
  void withoutAFallbackTheSameOutageEndsTheRun() {
    answers = model -> error(503);

    OrchestrationResult result =
        run(builder("vendor/a").team(Team.of(DecisionRule.collect(), asking("one", 4))));

    assertThat(result.status()).isNotEqualTo(PipelineStatus.COMPLETED);
  }

  private static MockResponse tooLong() {
    return new MockResponse.Builder()
        .code(400)
        .body(
            "{\"error\":{\"code\":400,\"message\":\"m\",\"metadata\":{\"error_type\":"
                + "\"context_length_exceeded\"}}}")
        .build();
  }

  @Test
  void whatIsTooLongForAModelGoesToTheNextAndNeitherRouteNorAgentIsChargedForIt() {
    answers = model -> model.equals("vendor/a") ? tooLong() : ok(10, 5, "0.001");

    OrchestrationResult result =
        run(
            builder("vendor/a", "vendor/b")
                .team(Team.of(DecisionRule.collect(), asking("one", 10))));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.agents().get(0).errors()).isZero();
    assertThat(asked("vendor/a")).as("asked once for each call, and never left").isEqualTo(10);
    assertThat(asked("vendor/b")).isEqualTo(10);
    assertThat(transitions).isEmpty();
    assertThat(result.usage().cost()).isEqualByComparingTo("0.010");
    assertThat(result.usage().estimatedTokens()).isZero();
  }

  @Test
  void whatIsTooLongForEveryModelIsAnErrorOfTheAgentOnce() {
    answers = model -> tooLong();
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              try {
                return ctx.model().ask(SHORT).text();
              } catch (ModelException e) {
                return e.kind() + " " + e.getMessage();
              }
            });

    OrchestrationResult result =
        run(builder("vendor/a", "vendor/b").team(Team.of(DecisionRule.by("one"), one)));

    assertThat(result.solution().map(Payload::text).orElseThrow())
        .contains("TOO_LONG", "vendor/b", "longer context");
    assertThat(result.agents().get(0).errors()).isEqualTo(1);
    assertThat(result.usage().committedTokens()).isZero();
  }

  /** The control: what is wrong in another way is not tried elsewhere. */
  @Test
  void aRequestThatIsWrongOtherwiseIsNotTriedElsewhere() {
    answers = model -> model.equals("vendor/a") ? error(400) : ok(10, 5, "0.001");

    OrchestrationResult result =
        run(
            builder("vendor/a", "vendor/b")
                .team(Team.of(DecisionRule.collect(), asking("one", 1))));

    assertThat(asked("vendor/b")).isZero();
    assertThat(result.agents().get(0).errors()).isEqualTo(1);
  }

  @Test
  void anOpenRouteIsProbedOnceAfterItsWaitAndClosedWhenThatSucceeds() {
    AtomicInteger toA = new AtomicInteger();
    answers =
        model ->
            model.equals("vendor/a") && toA.incrementAndGet() <= 6
                ? error(503)
                : ok(10, 5, "0.001");
    Agent patient =
        Agent.of(
            "one",
            ctx -> {
              StringBuilder counts = new StringBuilder();
              for (int i = 0; i < 6; i++) {
                ctx.model().ask(Prompt.user("question " + i).maxTokens(100));
                counts.append(asked("vendor/a")).append(' ');
                if (i == 1 || i == 3) {
                  time.advance(Duration.ofSeconds(i == 1 ? 31 : 61));
                }
              }
              return counts.toString();
            });

    OrchestrationResult result =
        run(
            builder("vendor/a", "vendor/b")
                .timeout(Duration.ofMinutes(10))
                .team(Team.of(DecisionRule.by("one"), patient)));

    assertThat(result.solution().map(Payload::text))
        .as(
            "3 attempts, 2 that open it, a probe that fails, none while open, a probe that succeeds")
        .contains("3 5 6 6 7 8 ");
    assertThat(transitions).containsExactly("OPEN", "HALF_OPEN", "OPEN", "HALF_OPEN", "CLOSED");
  }

  @Test
  void aHangingServerIsLeftInTimeForTheNextModel() {
    answers =
        model ->
            model.equals("vendor/a")
                ? ok(1, 1, "0").newBuilder().onResponseStart(SocketEffect.Stall.INSTANCE).build()
                : ok(10, 5, "0.001");
    Agent one = Agent.of("one", ctx -> ctx.model().ask(SHORT).text());

    OrchestrationResult result;
    try (Orchestrator orchestrator =
        builder("vendor/a", "vendor/b")
            .time(TimeSource.system())
            .callTimeout(Duration.ofMillis(500))
            .team(Team.of(DecisionRule.by("one"), one))
            .build()) {
      result = orchestrator.run("Reach something");
    }

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(asked("vendor/a")).isBetween(1, 3);
    assertThat(result.usage().estimatedTokens())
        .as("what unknown outcomes may have cost stays charged")
        .isPositive();
  }

  @Test
  void aCallThatWouldExceedTheBudgetIsRefusedBeforeAByteIsSent() {
    OrchestrationResult result =
        run(
            builder("vendor/a")
                .spend(SpendBudget.perRun(Money.usd("0.0010"), 1_000_000))
                .team(Team.of(DecisionRule.collect(), asking("one", 1))));

    assertThat(server.getRequestCount()).isZero();
    assertThat(result.denials()).singleElement().matches(denial -> denial.rule().equals("SPENT"));
    assertThat(result.usage().committedTokens()).isZero();
  }

  /** The control: with a budget that it fits into, the same call is sent. */
  @Test
  void aCallThatFitsIsSent() {
    OrchestrationResult result =
        run(
            builder("vendor/a")
                .spend(SpendBudget.perRun(Money.usd("0.0100"), 1_000_000))
                .team(Team.of(DecisionRule.collect(), asking("one", 1))));

    assertThat(server.getRequestCount()).isEqualTo(1);
    assertThat(result.usage().cost()).isEqualByComparingTo("0.001");
  }

  private OrchestrationResult sixteen(String budget, int callsEach) {
    CyclicBarrier together = new CyclicBarrier(16);
    Agent[] agents = new Agent[16];
    for (int i = 0; i < agents.length; i++) {
      int number = i;
      agents[i] =
          Agent.of(
              "a" + i,
              ctx -> {
                together.await(30, TimeUnit.SECONDS);
                for (int call = 0; call < callsEach; call++) {
                  ctx.model().ask(Prompt.user("q " + number + " " + call).maxTokens(100));
                }
                return "";
              });
    }
    try (Orchestrator orchestrator =
        builder("vendor/a")
            .time(TimeSource.system())
            .workers(Workers.platform(40))
            .spend(SpendBudget.perRun(Money.usd(budget), 10_000_000))
            .team(Team.of(DecisionRule.collect(), agents))
            .build()) {
      return orchestrator.run("Reach something");
    }
  }

  @Test
  void sixteenAgentsAtOnceNeverOverspendWithHonestReservations() {
    answers = model -> ok(60, 100, "0.00106");

    OrchestrationResult result = sixteen("0.0200", 4);

    assertThat(result.denials()).isNotEmpty();
    assertThat(result.usage().cost()).isLessThanOrEqualTo(new BigDecimal("0.0200"));
    assertThat(result.usage().cost())
        .isEqualByComparingTo(
            new BigDecimal("0.00106").multiply(BigDecimal.valueOf(asked("vendor/a"))));
    assertThat(
            result.agents().stream()
                .map(a -> a.usage().cost())
                .reduce(BigDecimal.ZERO, BigDecimal::add))
        .isEqualByComparingTo(result.usage().cost());
  }

  /** The control: a provider that charges more than was reserved does overspend, by what flew. */
  @Test
  void aProviderThatChargesMoreOverspendsByTheCallsInFlightAndThenNoMore() {
    BigDecimal each = new BigDecimal("0.0050");
    answers = model -> ok(60, 400, each.toPlainString());

    OrchestrationResult result = sixteen("0.0200", 4);

    int sent = asked("vendor/a");
    assertThat(result.denials()).isNotEmpty();
    assertThat(result.usage().cost()).isGreaterThan(new BigDecimal("0.0200"));
    assertThat(result.usage().cost()).isEqualByComparingTo(each.multiply(BigDecimal.valueOf(sent)));
    assertThat(sent).as("no call begins once the budget is spent").isLessThanOrEqualTo(4 + 16);
  }

  @Test
  void aMessageForPeopleSaysWhichVaultEntryToLookAt() {
    answers = model -> error(401);
    Agent one =
        Agent.of(
            "one",
            ctx -> {
              try {
                return ctx.model().ask(SHORT).text();
              } catch (RuntimeException e) {
                return String.valueOf(e.getMessage());
              }
            });

    OrchestrationResult result =
        run(builder("vendor/a").team(Team.of(DecisionRule.by("one"), one)));

    assertThat(result.solution().map(Payload::text).orElseThrow())
        .contains("secret/data/api-keys/openrouter", "api_key")
        .doesNotContain(TestKeys.KEY);
  }
}
