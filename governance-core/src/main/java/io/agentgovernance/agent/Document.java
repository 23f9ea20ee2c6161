// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

/**
 * A document given with the objective.
 *
 * @param name its name, usually the file name
 * @param text its text; data to the agents, never instructions
 */
public record Document(String name, String text) {
  public Document {
    requireNonNull(name, "name");
    requireNonNull(text, "text");
  }
}
