// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

/**
 * A way to run two agents at once, ready to run: everything that is built once per application has
 * been built. Used by one thread at a time.
 *
 * <p>A run is: ALPHA and BETA each make one model call about the same topic, at the same time, on
 * the pool the contender was given; the caller waits for both.
 */
@FunctionalInterface
public interface Contender {

  /**
   * Runs both agents once and returns ALPHA's reply, a blank, and BETA's reply.
   *
   * @throws Exception as the contender reports a failed agent
   */
  String run(String topic) throws Exception;
}
