// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/**
 * Two agents, one model call each that takes no time, on the same kind of pool: the floor and the
 * other libraries.
 */
public class TwoAgentsBenchmark extends TwoAgentsColumns {

  /** Creates the benchmark; JMH does. */
  public TwoAgentsBenchmark() {}

  /** Two plain futures. */
  @Benchmark
  @Column("two CompletableFutures (floor)")
  public String floor(Floor contender) throws Exception {
    return contender.run();
  }

  /** LangChain4j. */
  @Benchmark
  @Column("LangChain4j parallel")
  public String langChain4j(LangChain4j contender) throws Exception {
    return contender.run();
  }

  /** LangGraph4j. */
  @Benchmark
  @Column("LangGraph4j fork/join")
  public String langGraph4j(LangGraph4j contender) throws Exception {
    return contender.run();
  }

  /** LangGraph4j with checkpoints in memory. */
  @Benchmark
  @Column("LangGraph4j fork/join + MemorySaver")
  public String langGraph4jMemorySaver(LangGraph4jMemorySaver contender) throws Exception {
    return contender.run();
  }

  /** The floor, built. */
  public static class Floor extends Ready {
    /** Creates the state; JMH does. */
    public Floor() {
      super(CompletableFuturePair::new);
    }
  }

  /** LangChain4j, built. */
  public static class LangChain4j extends Ready {
    /** Creates the state; JMH does. */
    public LangChain4j() {
      super(LangChain4jParallel::new);
    }
  }

  /** LangGraph4j, built. */
  public static class LangGraph4j extends Ready {
    /** Creates the state; JMH does. */
    public LangGraph4j() {
      super(LangGraph4jForkJoin::create);
    }
  }

  /** LangGraph4j with a saver, built. */
  public static class LangGraph4jMemorySaver extends Ready {
    /** Creates the state; JMH does. */
    public LangGraph4jMemorySaver() {
      super(LangGraph4jForkJoin::withMemorySaver);
    }
  }
}
