// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.internal.calls.KnownKindPolicy;
import io.agentgovernance.internal.calls.PolicyChain;
import io.agentgovernance.internal.calls.Ruling;
import io.agentgovernance.internal.calls.TierPolicy;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.tool.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One decision about an action that every rule allows, which is the longest way through the chain:
 * the library's own rules, the host's, and the watchdog over the host's.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 2)
@State(Scope.Benchmark)
public class PolicyDecisionBenchmark {

  /** How many rules the host has. */
  @Param({"1", "10", "100"})
  public int rules;

  private PolicyChain chain = chain(1);
  private Action action = action();

  /** Creates the benchmark; JMH does. */
  public PolicyDecisionBenchmark() {}

  /** Builds the chain. */
  @Setup
  public void build() {
    chain = chain(rules);
    action = action();
    if (!(decide() instanceof Ruling.Allowed)) {
      throw new IllegalStateException("expected every rule to allow the action");
    }
  }

  /** One decision. */
  @Benchmark
  public Ruling decide() {
    return chain.evaluate(action);
  }

  /** The host's rules look at kind, target, input and effect, in turn. */
  private static PolicyChain chain(int rules) {
    var host = new ArrayList<Policy>();
    for (var i = 0; i < rules; i++) {
      host.add(HostPolicies.ALL.get(i % HostPolicies.ALL.size()).named("rule-" + i, "1"));
    }
    return new PolicyChain(
        List.of(new KnownKindPolicy(), new TierPolicy()), host, TimeSource.system());
  }

  private static Action action() {
    var run = RunId.random();
    return new Action(
        Action.MODEL,
        "stub",
        Payload.of(Map.of("messages", List.of("Research bees"), "maxTokens", 4096)),
        Effect.IDEMPOTENT,
        TrustTier.T0,
        TrustTier.T1,
        TenantId.of("default"),
        run,
        run.agent(AgentRole.ALPHA),
        AgentRole.ALPHA,
        AgentPhase.EXECUTE);
  }
}
