// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;

/** The keys of one run's checkpoints, all in one slot. Immutable. */
record CheckpointKeys(String control, String hold, String log, String lanes) {
  static CheckpointKeys of(TenantId tenant, RunId run) {
    RedisKeys keys = RedisKeys.of(tenant, run);
    return new CheckpointKeys(
        keys.checkpointControl(), keys.hold(), keys.checkpoints(), keys.checkpointLanes());
  }

  String[] toClaim() {
    return new String[] {control, hold, lanes};
  }

  String[] toAppend() {
    return new String[] {control, log, lanes};
  }

  String[] toHold() {
    return new String[] {control, hold};
  }

  String[] toFinish() {
    return new String[] {control, hold, log, lanes};
  }
}
