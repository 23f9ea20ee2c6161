// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What every column of the two-agents comparison has in common: the settings, the pool and the
 * model.
 *
 * <p>To add columns, extend this class in a class whose name ends in {@code TwoAgentsBenchmark}, in
 * this package. Give each column a nested {@link Ready} subclass that names its factory, and one
 * {@code @Benchmark} method that takes it:
 *
 * <pre>{@code
 * public class GovernedTwoAgentsBenchmark extends TwoAgentsColumns {
 *   public static class Runtime extends Ready {
 *     public Runtime() {
 *       super(GovernedPair::runtimeOnly);
 *     }
 *   }
 *
 *   @Benchmark
 *   @Column("governance, runtime only")
 *   public String runtime(Runtime contender) throws Exception {
 *     return contender.run();
 *   }
 * }
 * }</pre>
 *
 * <p>{@link TwoAgentsRun} finds the class by its name and runs it in the same invocation as the
 * others.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 2)
public abstract class TwoAgentsColumns {

  /** Creates the columns. */
  protected TwoAgentsColumns() {}

  /** A contender on a pool of its own, checked once before it is measured. */
  @State(Scope.Benchmark)
  public abstract static class Ready {

    private static final String TOPIC = "bees";

    private final ContenderFactory factory;
    private final ExecutorService pool = AgentPool.create(AgentPool.THREADS);
    private Contender contender = topic -> "";

    /** Names what builds the contender. */
    protected Ready(ContenderFactory factory) {
      this.factory = factory;
    }

    /** Builds the contender and makes sure that it does the work. */
    @Setup(Level.Trial)
    public void build() throws Exception {
      contender = factory.create(StubModel.immediate(), pool);
      var result = run();
      if (!result.equals("ALPHA BETA")) {
        throw new IllegalStateException(
            "expected \"ALPHA BETA\" from a run but found \"" + result + "\"");
      }
    }

    /** Stops the pool. */
    @TearDown(Level.Trial)
    public void stop() {
      pool.shutdownNow();
    }

    /** Runs both agents once. */
    public final String run() throws Exception {
      return contender.run(TOPIC);
    }
  }
}
