// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static io.agentgovernance.budget.SpendBudget.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.Settings;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the design shows users to type compiles and runs. */
class SnippetsTest {
  /** A customer. */
  record CustomerId(String id) {}

  /** What a customer owes. */
  record Exposure(long total) {}

  /** How risky a customer is. */
  record Risk(int score) {}

  /** What is sent to the board. */
  record Memo(String text) {}

  /** Asks a person before anything that happens once. */
  static final class FourEyes implements Policy {
    @Override
    public Verdict check(Action action) {
      return action.kind().equals(Action.TOOL) && action.effect() == Effect.ONCE
          ? Verdict.requireApproval("Really?", Duration.ofHours(1))
          : Verdict.allow();
    }
  }

  /** The bank's own system. */
  static final class Core {
    final List<String> asked = new CopyOnWriteArrayList<>();

    Exposure exposure(String id) {
      asked.add(id);
      return new Exposure(1_200);
    }
  }

  private final Core core = new Core();

  @Test
  void hello() {
    var printed = new ByteArrayOutputStream();
    var out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    try (var orchestrator = Orchestrator.builder().model("local:").build()) {
      OrchestrationResult result = orchestrator.run("Design a caching strategy for 10k reads/s");
      out.println(result.status() + "\n" + result.report());
    }

    assertThat(printed.toString(StandardCharsets.UTF_8))
        .startsWith("COMPLETED\n")
        .contains("Design a caching strategy for 10k reads/s");
  }

  @Test
  void ownAgents() {
    try (var orchestrator =
        Orchestrator.builder().model("m", banker()).tools(exposure()).team(credit()).build()) {
      OrchestrationResult result =
          orchestrator.run(
              RunRequest.of("Assess customer 4711").input("customer", new CustomerId("4711")));

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(result.solution().orElseThrow().read(Memo.class)).isEqualTo(new Memo("Lend."));
      assertThat(result.agent("analyst").orElseThrow().output().orElseThrow().read(Risk.class))
          .isEqualTo(new Risk(3));
      assertThat(core.asked).containsExactly("4711");
    }
  }

  @Test
  void production(@TempDir Path folder) throws Exception {
    SecretSource vault = reference -> Secret.of("the value of " + reference);
    var ledger = new KeptLedger(Durability.DURABLE);
    Team credit = credit();
    Tool exposure = exposure();
    try (var plugins = ProductionProviders.loader(folder, banker());
        var orchestrator =
            Orchestrator.builder()
                .classLoader(plugins)
                .settings(Settings.fromEnvironment(Map.of("ORCHESTRATION_TIMEOUT", "90")))
                .secrets(vault)
                .model("openrouter:anthropic/claude-sonnet-4", "openrouter:openai/gpt-5")
                .blackboard("rediss://redis.bank:6380?password=vault:services/dragonfly")
                .checkpoints("rediss://redis.bank:6380?password=vault:services/dragonfly")
                .ledger(ledger)
                .require(Durability.DURABLE)
                .tools(exposure)
                .team(credit)
                .policy(new FourEyes())
                .spend(SpendBudget.perRun(usd("2.50"), 400_000))
                .build()) {
      assertThat(ProductionProviders.opened())
          .containsExactlyInAnyOrder(
              "model anthropic/claude-sonnet-4",
              "model openai/gpt-5",
              "coordination vault:services/dragonfly 37",
              "checkpoints vault:services/dragonfly 37");
      assertThat(orchestrator.describe()).doesNotContain("the value of");

      OrchestrationResult result =
          orchestrator.run(
              RunRequest.of("Assess customer 4711").input("customer", new CustomerId("4711")));

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(result.denials()).isEmpty();
      assertThat(result.solution().orElseThrow().read(Memo.class)).isEqualTo(new Memo("Lend."));
    }
  }

  private Tool exposure() {
    return Tool.of(
            "exposure", CustomerId.class, Exposure.class, (in, call) -> core.exposure(in.id()))
        .describe("Total exposure of one customer")
        .effect(Effect.READ)
        .requires(TrustTier.T1);
  }

  private static Team credit() {
    return Team.of(
        DecisionRule.by("writer"),
        Agent.of(
                "analyst",
                Risk.class,
                ctx -> {
                  var e =
                      ctx.tools()
                          .call(
                              "exposure", ctx.input("customer", CustomerId.class), Exposure.class);
                  return ctx.model()
                      .ask(Prompt.user("Score the risk").data("exposure", e))
                      .read(Risk.class);
                })
            .version("3")
            .tier(TrustTier.T1)
            .tools("exposure"),
        Agent.of(
            "writer",
            Memo.class,
            ctx ->
                ctx.model()
                    .ask(
                        Prompt.user("Write the memo")
                            .data("risk", ctx.awaitOutput("analyst", Risk.class)))
                    .read(Memo.class)));
  }

  /** Answers by role, never by the order of calls. */
  private static ChatModel banker() {
    return (request, exchange) ->
        switch (exchange.role().name()) {
          case "analyst" -> reply("{\"score\": 3}");
          case "writer" -> reply("{\"text\": \"Lend.\"}");
          default -> throw new ModelException(ModelException.Kind.INVALID_REQUEST, "who is that?");
        };
  }

  private static ChatReply reply(String json) {
    return ChatReply.of(json, Usage.of(10, 5), "banker");
  }
}
