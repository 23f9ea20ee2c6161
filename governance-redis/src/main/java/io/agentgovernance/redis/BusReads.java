// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.core.RunId;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.util.List;

/** Reads the messages of a run. Thread safe. */
final class BusReads {
  static final int PAGE = 256;

  private final RedisConnections connections;
  private final RunId run;
  private final MessageKeys keys;

  BusReads(RedisConnections connections, RunId run, MessageKeys keys) {
    this.connections = connections;
    this.run = run;
    this.keys = keys;
  }

  RunId run() {
    return run;
  }

  MessageKeys keys() {
    return keys;
  }

  /** The messages after a sequence, {@value #PAGE} at most. */
  List<AgentMessage> page(long after) {
    Range<String> range =
        Range.from(Range.Boundary.excluding(after + "-0"), Range.Boundary.unbounded());
    return connections
        .call(
            "XRANGE", () -> connections.commands().xrange(keys.messages(), range, Limit.from(PAGE)))
        .stream()
        .map(this::message)
        .toList();
  }

  AgentMessage message(StreamMessage<String, String> entry) {
    return StoredMessage.read(run, sequence(entry.getId()), entry.getBody().getOrDefault("m", ""));
  }

  static long sequence(String entry) {
    return Long.parseLong(entry.substring(0, entry.indexOf('-')));
  }

  /** The sequence of the last message, 0 before the first. */
  long last() {
    return number(connections.call("HGET", () -> connections.commands().hget(keys.ids(), "last")));
  }

  static long number(@org.jspecify.annotations.Nullable String value) {
    return value == null ? 0 : Long.parseLong(value);
  }
}
