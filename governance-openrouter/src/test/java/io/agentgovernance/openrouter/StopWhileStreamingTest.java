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
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.internal.memory.MemoryLedger;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A run that is stopped while its model writes. */
class StopWhileStreamingTest {

  private static final int NEVER = Integer.MAX_VALUE;

  /** A client whose provider knows the cost of a reply when it is asked for the n-th time. */
  private record Settling(
      OpenRouterChatModel client, CountDownLatch begun, AtomicInteger times, int knowsAt)
      implements ChatModel {
    @Override
    public ChatReply chat(ChatRequest request, Exchange exchange) throws InterruptedException {
      return client.chat(request, watched(exchange));
    }

    /** The same exchange, seen by the test. */
    private Exchange watched(Exchange exchange) {
      return (Exchange)
          Proxy.newProxyInstance(
              Exchange.class.getClassLoader(),
              new Class<?>[] {Exchange.class},
              (proxy, method, arguments) -> {
                Object result = method.invoke(exchange, arguments);
                if (method.getName().equals("delta")) {
                  begun.countDown();
                }
                return result;
              });
    }

    @Override
    public Optional<ModelPricing> pricing(String model) {
      return client.pricing(model);
    }

    @Override
    public Optional<Usage> usageOf(String replyId) {
      assertThat(replyId).isEqualTo("gen-1");
      if (times.incrementAndGet() < knowsAt) {
        return Optional.empty();
      }
      return Optional.of(new Usage(11, 7, new BigDecimal("0.00021")));
    }
  }

  @Test
  void theServerSeesTheConnectionClosedNoTokenIsAcceptedAndTheCostIsSettled() throws Exception {
    AtomicReference<RawServer> self = new AtomicReference<>();
    CountDownLatch streaming = new CountDownLatch(1);
    AtomicInteger used = new AtomicInteger();
    MemoryLedger ledger = new MemoryLedger();
    try (RawServer server =
        RawServer.that(
            (socket, out) -> {
              RawServer.write(out, RawServer.SSE_HEAD + RawServer.chunk("He"));
              self.get().untilClosed(socket);
            })) {
      self.set(server);
      try (OpenRouterChatModel client =
          OpenRouterChatModel.builder("vendor/a")
              .baseUrl(server.url())
              .dialect(Dialect.OPENROUTER)
              .pricing(new ModelPricing(new BigDecimal("0.001"), new BigDecimal("0.01")))
              .build()) {
        Settling model = new Settling(client, streaming, new AtomicInteger(), 2);
        Agent writer =
            Agent.of(
                "writer",
                ctx -> {
                  String text = ctx.model().ask(Prompt.user("write").maxTokens(100)).text();
                  used.incrementAndGet();
                  return text;
                });
        try (Orchestrator orchestrator =
            Orchestrator.builder()
                .model("prod", model)
                .ledger(ledger)
                .team(Team.of(DecisionRule.by("writer"), writer))
                .build()) {
          Orchestration run = orchestrator.start(RunRequest.of("Write"));
          assertThat(streaming.await(20, TimeUnit.SECONDS)).isTrue();
          run.stop("enough");
          OrchestrationResult result = run.await();

          assertThat(server.awaitClosedByClient()).isTrue();
          assertThat(result.status()).isEqualTo(PipelineStatus.STOPPED);
          assertThat(used).hasValue(0);
          assertThat(result.usage().tokens()).isZero();
          assertThat(result.usage().estimatedTokens())
              .as("charged at the reservation until the provider says more")
              .isPositive();
          assertThat(result.usage().exact()).as("and says so").isFalse();

          Spend settled = run.settled().get(20, TimeUnit.SECONDS);
          assertThat(settled.exact()).isTrue();
          assertThat(settled.cost()).isEqualByComparingTo("0.00021");
          assertThat(settled.promptTokens()).isEqualTo(11);
          assertThat(settled.completionTokens()).isEqualTo(7);
          assertThat(run.usage()).isEqualTo(settled);
          assertThat(result.usage().exact()).as("a result is of its moment").isFalse();
        }
        assertThat(server.requests()).isEqualTo(1);
      }
    }
    List<LedgerEntry> settled =
        ledger.query(LedgerQuery.builder().limit(LedgerQuery.MAX_LIMIT).build()).entries().stream()
            .filter(entry -> entry.type().equals(LedgerTypes.SETTLED))
            .toList();
    assertThat(settled).hasSize(1);
    assertThat(settled.get(0).body().at("/cost").map(Payload::text)).contains("0.00021");
    assertThat(settled.get(0).body().at("/prompt_tokens").map(Payload::json)).contains("11");
    assertThat(settled.get(0).body().at("/reply_id").map(Payload::text)).contains("gen-1");
  }

  /** The control: a provider that never tells leaves the estimate, and that is told. */
  @Test
  void whatTheProviderNeverTellsStaysAnEstimateAndIsCalledSo() throws Exception {
    AtomicReference<RawServer> self = new AtomicReference<>();
    CountDownLatch streaming = new CountDownLatch(1);
    CompletableFuture<Spend> settled;
    Spend estimated;
    try (RawServer server =
            RawServer.that(
                (socket, out) -> {
                  RawServer.write(out, RawServer.SSE_HEAD + RawServer.chunk("He"));
                  self.get().untilClosed(socket);
                });
        OpenRouterChatModel client =
            OpenRouterChatModel.builder("vendor/a")
                .baseUrl(server.url())
                .dialect(Dialect.OPENROUTER)
                .pricing(new ModelPricing(new BigDecimal("0.001"), new BigDecimal("0.01")))
                .build()) {
      self.set(server);
      Settling model = new Settling(client, streaming, new AtomicInteger(), NEVER);
      try (Orchestrator orchestrator =
          Orchestrator.builder()
              .model("prod", model)
              .team(
                  Team.of(
                      DecisionRule.by("writer"),
                      Agent.of(
                          "writer",
                          ctx -> ctx.model().ask(Prompt.user("write").maxTokens(100)).text())))
              .build()) {
        Orchestration run = orchestrator.start(RunRequest.of("Write"));
        assertThat(streaming.await(20, TimeUnit.SECONDS)).isTrue();
        run.stop("enough");
        estimated = run.await().usage();
        settled = run.settled();
        assertThat(settled).as("it is still asked for").isNotDone();
      } // closing asks a last time
      assertThat(model.times().get()).isPositive();
    }

    assertThat(settled.get(20, TimeUnit.SECONDS)).isEqualTo(estimated);
    assertThat(estimated.exact()).isFalse();
    assertThat(estimated.estimatedCost()).isPositive();
  }
}
