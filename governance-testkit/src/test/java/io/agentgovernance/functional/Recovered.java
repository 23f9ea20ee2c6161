// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import java.util.concurrent.TimeUnit;

/** Runs that are left, and taken up. */
abstract class Recovered {
  final World world = new World();

  static OrchestrationResult ended(Orchestration run) {
    return run.completion().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
