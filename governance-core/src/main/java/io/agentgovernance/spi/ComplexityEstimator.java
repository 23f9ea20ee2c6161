// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.agent.Document;
import java.util.List;

/**
 * Estimates how complex an objective is, once for each run before its agents execute. Above the
 * threshold, 0.8 by default, a mediator is spawned to decompose it.
 *
 * <p>Thread safe and quick: called on the thread that starts the run. What it throws fails the
 * start.
 */
@FunctionalInterface
public interface ComplexityEstimator {

  /** A score from 0 to 1. */
  double estimate(String objective, List<Document> documents);
}
