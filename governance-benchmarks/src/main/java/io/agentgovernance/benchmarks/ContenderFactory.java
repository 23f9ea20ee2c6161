// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.util.concurrent.ExecutorService;

/** Builds a {@link Contender}. */
@FunctionalInterface
public interface ContenderFactory {

  /**
   * Builds the contender.
   *
   * @param model what both agents call
   * @param pool where both agents run; the caller closes it
   */
  Contender create(StubModel model, ExecutorService pool) throws Exception;
}
