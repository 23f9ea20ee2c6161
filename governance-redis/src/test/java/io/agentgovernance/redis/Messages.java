// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/** Messages for tests. */
final class Messages {
  private Messages() {}

  static AgentMessage of(RunId run, String id, Payload content) {
    return new AgentMessage(
        run, id, 0, run.agent(AgentRole.ALPHA), 7, null, content, Instant.EPOCH);
  }

  static AgentMessage of(RunId run, String id) {
    return of(run, id, Payload.text(id));
  }

  /** Publishes messages whose ids are numbers. */
  static void publish(MessageBus bus, RunId run, int from, int to) {
    for (int i = from; i < to; i++) {
      AgentMessage unused = bus.publish(of(run, String.valueOf(i)));
    }
  }

  static List<Long> sequences(int last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }
}
