// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

/** The environment variables, each with the name of its accessor in {@link Settings}. */
enum SettingName {
  AUTO_ORCHESTRATE("autoOrchestrate"),
  OPENROUTER_MODEL("openRouterModel"),
  ORCHESTRATION_TIMEOUT("orchestrationTimeout"),
  GAMMA_STUCK_THRESHOLD("gammaStuckThreshold"),
  GAMMA_CONFLICT_THRESHOLD("gammaConflictThreshold"),
  GAMMA_COMPLEXITY_THRESHOLD("gammaComplexityThreshold");

  private final String accessor;

  SettingName(String accessor) {
    this.accessor = accessor;
  }

  String accessor() {
    return accessor;
  }
}
