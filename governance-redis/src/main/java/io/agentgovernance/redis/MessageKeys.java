// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;

/** The keys of one run's messages, all in one slot, and the channel they are announced on. */
record MessageKeys(String messages, String ids, String dead) {
  static MessageKeys of(TenantId tenant, RunId run) {
    RedisKeys keys = RedisKeys.of(tenant, run);
    return new MessageKeys(keys.messages(), keys.messageIds(), keys.deadMessages());
  }

  String channel() {
    return messages;
  }

  String[] toPublish() {
    return new String[] {messages, ids};
  }

  String[] toBury() {
    return new String[] {messages, dead};
  }
}
