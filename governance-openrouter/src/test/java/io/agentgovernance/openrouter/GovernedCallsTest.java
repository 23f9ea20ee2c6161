// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs whose models are behind sockets: outages, breakers, budgets. */
class GovernedCallsTest extends GovernedServer {
  private static final Prompt SHORT = Prompt.user("question").maxTokens(100);

  private static MockResponse error(int status) {
    return new MockResponse.Builder()
        .code(status)
        .body("{\"error\":{\"code\":" + status + ",\"message\":\"m\"}}")
        .build();
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
