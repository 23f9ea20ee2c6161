// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

/** The two agents every comparison runs. */
public enum Role {
  /** The agent that researches. */
  ALPHA,
  /** The agent that synthesises. */
  BETA
}
