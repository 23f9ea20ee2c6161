// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

/** A text the stand-in may quote. */
record Source(String name, String text) {
  static final String OBJECTIVE = "objective";

  boolean isObjective() {
    return name.equals(OBJECTIVE);
  }

  /** How the source is called in a sentence. */
  String label() {
    return isObjective() ? "the objective" : name;
  }
}
