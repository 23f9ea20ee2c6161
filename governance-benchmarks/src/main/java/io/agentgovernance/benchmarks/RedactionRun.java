// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.agentgovernance.secret.Redactor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;

/**
 * What redaction costs the two-agents run, by processor time, which is true on a busy machine, too:
 * the same run with redaction off, with it on, and with it on and secrets known. The variants take
 * turns in one JVM; the median of the turns counts.
 *
 * <pre>java -cp … io.agentgovernance.benchmarks.RedactionRun [turns] [runs in each]</pre>
 */
public final class RedactionRun {
  private static final int SECRETS = 20;

  private RedactionRun() {}

  private record Variant(String name, Contender contender, List<Double> micros) {}

  /**
   * Prints the processor time of a run in each variant.
   *
   * @param args how many turns, 30 if not given, and how many runs a turn has, 3,000
   */
  public static void main(String[] args) throws Exception {
    int turns = args.length > 0 ? Integer.parseInt(args[0]) : 30;
    int runs = args.length > 1 ? Integer.parseInt(args[1]) : 3_000;
    ExecutorService pool = AgentPool.create(AgentPool.THREADS);
    List<Variant> variants =
        List.of(
            variant("redaction off", pool, Redactor::none),
            variant("redaction on, no secret known", pool, Redactor::standard),
            variant("redaction on, " + SECRETS + " secrets known", pool, RedactionRun::knowing));
    for (int turn = -turns / 3; turn < turns; turn++) {
      for (Variant variant : variants) {
        double micros = turn(variant.contender(), runs);
        if (turn >= 0) {
          variant.micros().add(micros); // the first turns warm up
        }
      }
    }
    double off = median(variants.get(0).micros());
    for (Variant variant : variants) {
      double median = median(variant.micros());
      System.out.printf(
          Locale.ROOT,
          "%-36s %8.2f µs of processor time a run, %+.2f µs%n",
          variant.name(),
          median,
          median - off);
    }
    pool.shutdownNow();
  }

  private static Variant variant(String name, ExecutorService pool, Supplier<Redactor> redactor) {
    return new Variant(
        name,
        GovernedPair.runtimeOnly(StubModel.immediate(), pool, redactor.get()),
        new ArrayList<>());
  }

  private static Redactor knowing() {
    Redactor redactor = Redactor.standard();
    for (int i = 0; i < SECRETS; i++) {
      var unused = redactor.register(("s3cret-number-" + i + "-of-a-host").toCharArray());
    }
    return redactor;
  }

  private static double turn(Contender contender, int runs) throws Exception {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long before = system.getProcessCpuTime();
    for (int i = 0; i < runs; i++) {
      String unused = contender.run("bees");
    }
    return (system.getProcessCpuTime() - before) / 1_000.0 / runs;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
