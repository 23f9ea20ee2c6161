// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every column has to do, so that the figures compare like with like. */
class ContenderTest {

  static Stream<Named<ContenderFactory>> others() {
    return Stream.of(
        Named.of("floor", CompletableFuturePair::new),
        Named.of("LangChain4j", LangChain4jParallel::new),
        Named.of("LangGraph4j", LangGraph4jForkJoin::create),
        Named.of("LangGraph4j with MemorySaver", LangGraph4jForkJoin::withMemorySaver));
  }

  static Stream<Named<ContenderFactory>> governed() {
    return Stream.of(
        Named.of("governed, runtime only", GovernedPair::runtimeOnly),
        Named.of("governed, policy and events", GovernedPair::policyAndEvents),
        Named.of("governed, full", GovernedPair::full));
  }

  static Stream<Named<ContenderFactory>> contenders() {
    return Stream.concat(others(), governed());
  }

  @ParameterizedTest
  @MethodSource("contenders")
  void runsBothAgentsAtTheSameTimeOnThePool(ContenderFactory factory) throws Exception {
    var both = new CyclicBarrier(2);
    Set<String> threads = ConcurrentHashMap.newKeySet();
    StubModel meeting =
        (role, prompt) -> {
          threads.add(Thread.currentThread().getName());
          try {
            both.await(10, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IllegalStateException(role + " was alone", e);
          }
          return role.name();
        };
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var contender = factory.create(meeting, pool);

      assertThat(contender.run("bees")).isEqualTo("ALPHA BETA");

      assertThat(threads).hasSize(2).allMatch(name -> name.startsWith("agent-"));
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("contenders")
  void asksEachAgentsQuestionOncePerRun(ContenderFactory factory) throws Exception {
    var prompts = new ConcurrentLinkedQueue<String>();
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var contender =
          factory.create(
              (role, prompt) -> {
                prompts.add(role + ": " + prompt);
                return role.name();
              },
              pool);

      contender.run("bees");
      contender.run("bees");

      assertThat(prompts)
          .containsExactlyInAnyOrder(
              "ALPHA: Research bees",
              "ALPHA: Research bees",
              "BETA: Synthesise bees",
              "BETA: Synthesise bees");
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void reportsAFailedAgent(ContenderFactory factory) throws Exception {
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var contender =
          factory.create(
              (role, prompt) -> {
                throw new StubModel.ModelFailure(role);
              },
              pool);

      assertThatThrownBy(() -> contender.run("bees"))
          .hasRootCauseInstanceOf(StubModel.ModelFailure.class);
    } finally {
      pool.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("governed")
  void reportsAFailedAgentByTheOutcome(ContenderFactory factory) throws Exception {
    var pool = AgentPool.create(AgentPool.THREADS);
    try {
      var contender =
          factory.create(
              (role, prompt) -> {
                throw new StubModel.ModelFailure(role);
              },
              pool);

      assertThatThrownBy(() -> contender.run("bees")).hasMessageContaining("ALL_AGENTS_FAILED");
    } finally {
      pool.shutdownNow();
    }
  }
}
