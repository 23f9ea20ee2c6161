// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/** The same two agents and calls under Agent Governance for Java, in three steps. */
public class GovernedTwoAgentsBenchmark extends TwoAgentsColumns {

  /** Creates the benchmark; JMH does. */
  public GovernedTwoAgentsBenchmark() {}

  /** The runtime alone. */
  @Benchmark
  @Column("Agent Governance, runtime only")
  public String runtime(RuntimeOnly contender) throws Exception {
    return contender.run();
  }

  /** With policies and events. */
  @Benchmark
  @Column("Agent Governance + policy and events")
  public String policyAndEvents(PolicyAndEvents contender) throws Exception {
    return contender.run();
  }

  /** With everything. */
  @Benchmark
  @Column("Agent Governance, full, memory ledger")
  public String full(Full contender) throws Exception {
    return contender.run();
  }

  /** The runtime alone, built. */
  public static class RuntimeOnly extends Ready {
    /** Creates the state; JMH does. */
    public RuntimeOnly() {
      super(GovernedPair::runtimeOnly);
    }
  }

  /** With policies and events, built. */
  public static class PolicyAndEvents extends Ready {
    /** Creates the state; JMH does. */
    public PolicyAndEvents() {
      super(GovernedPair::policyAndEvents);
    }
  }

  /** With everything, built. */
  public static class Full extends Ready {
    /** Creates the state; JMH does. */
    public Full() {
      super(GovernedPair::full);
    }
  }
}
