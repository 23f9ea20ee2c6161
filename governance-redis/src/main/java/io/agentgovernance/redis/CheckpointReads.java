// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.core.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads what was appended. Thread safe. */
final class CheckpointReads {
  private static final int PAGE = 128;

  /** More than a list can have. */
  private static final long END = 1L << 40;

  /** Stands where a delta was undone, so that the others keep their places. */
  private static final String UNDONE = "";

  private final RedisConnections connections;

  CheckpointReads(RedisConnections connections) {
    this.connections = connections;
  }

  long epoch(CheckpointKeys keys) {
    return number(field(keys, "epoch"));
  }

  private Optional<String> field(CheckpointKeys keys, String name) {
    return Optional.ofNullable(
        connections.call("HGET", () -> connections.commands().hget(keys.control(), name)));
  }

  private static long number(Optional<String> field) {
    return field.map(Long::parseLong).orElse(0L);
  }

  boolean held(CheckpointKeys keys) {
    return connections.call("EXISTS", () -> connections.commands().exists(keys.hold())) > 0;
  }

  List<Delta> deltas(RunId run, CheckpointKeys keys, long skip, int limit) {
    List<Delta> deltas = new ArrayList<>();
    long from = Math.max(0, skip);
    if (limit <= 0 || from > END) {
      return deltas;
    }
    boolean whole = number(field(keys, "undone")) == 0;
    long place = whole ? from : 0;
    long position = place;
    List<String> page;
    do {
      long first = place;
      page =
          connections.call(
              "LRANGE", () -> connections.commands().lrange(keys.log(), first, first + PAGE - 1));
      for (String json : page) {
        if (!json.equals(UNDONE) && deltas.size() < limit) {
          position++;
          if (position > from) {
            deltas.add(DeltaJson.read(run, position, json));
          }
        }
      }
      place += page.size();
    } while (page.size() == PAGE && deltas.size() < limit);
    return deltas;
  }

  Optional<Checkpoint> latest(RunId run, CheckpointKeys keys) {
    long marked = number(field(keys, "marked"));
    if (marked == 0) {
      return Optional.empty();
    }
    String json =
        connections.call("LINDEX", () -> connections.commands().lindex(keys.log(), marked - 1));
    return json != null && DeltaJson.read(run, marked, json) instanceof Delta.Marked delta
        ? Optional.of(delta.checkpoint())
        : Optional.empty();
  }
}
