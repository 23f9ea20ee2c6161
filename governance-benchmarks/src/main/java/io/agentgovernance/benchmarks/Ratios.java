// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** How two things compare in each round: the median of the rounds, and their range. Immutable. */
record Ratios(List<Double> sorted) {

  /** Divides, round by round, a figure of the one by that of the other. */
  static Ratios of(List<Latencies> one, List<Latencies> other, ToDoubleFunction<Latencies> figure) {
    List<Double> ratios = new ArrayList<>();
    for (var round = 0; round < Math.min(one.size(), other.size()); round++) {
      ratios.add(figure.applyAsDouble(one.get(round)) / figure.applyAsDouble(other.get(round)));
    }
    Collections.sort(ratios);
    return new Ratios(List.copyOf(ratios));
  }

  double median() {
    return sorted.get(sorted.size() / 2);
  }

  String atLeast(double aim) {
    return median() >= aim ? "reached" : "**missed**";
  }

  String atMost(double aim) {
    return median() <= aim ? "reached" : "**missed**";
  }

  /** The median, and the range of all rounds. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%.2f (%.2f–%.2f)", median(), sorted.get(0), sorted.get(sorted.size() - 1));
  }
}
