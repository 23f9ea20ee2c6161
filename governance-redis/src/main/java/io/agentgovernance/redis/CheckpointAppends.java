// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static io.agentgovernance.redis.RedisCheckpointStore.MAX_APPEND_BYTES;
import static io.agentgovernance.redis.RedisCheckpointStore.MAX_APPEND_DELTAS;
import static io.agentgovernance.redis.RedisCheckpointStore.MAX_DELTA_BYTES;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.core.RunId;
import io.agentgovernance.redis.AppendLanes.Lane;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.StaleEpochException;
import java.util.ArrayList;
import java.util.List;

/** Appends deltas to the logs of checkpoints, each once however often it is sent. Thread safe. */
final class CheckpointAppends {
  private static final Script APPEND = Script.resource("checkpoint_append");

  private final RedisConnections connections;
  private final AppendLanes lanes = new AppendLanes();

  CheckpointAppends(RedisConnections connections) {
    this.connections = connections;
  }

  /** The run has ended, or is another's. */
  void forget(RunId run) {
    lanes.forget(run);
  }

  /**
   * Appends all of them or none.
   *
   * @throws RedisFailure if there is no answer
   * @throws CheckpointUnavailableException if they are too large
   * @throws StaleEpochException if the run was taken over
   */
  void append(RunId run, CheckpointKeys keys, long epoch, List<Delta> deltas) {
    List<String> bodies = new ArrayList<>(deltas.size());
    int marked = 0;
    long bytes = 0;
    for (Delta delta : deltas) {
      String body = DeltaJson.write(delta);
      int size = body.getBytes(UTF_8).length;
      bytes += size;
      bodies.add(body);
      if (size > MAX_DELTA_BYTES || bytes > MAX_APPEND_BYTES || bodies.size() > MAX_APPEND_DELTAS) {
        throw tooLarge(run, size, bytes, deltas.size());
      }
      if (delta instanceof Delta.Marked) {
        marked = bodies.size();
      }
    }
    append(run, keys, epoch, bodies, marked);
  }

  private void append(RunId run, CheckpointKeys keys, long epoch, List<String> bodies, int marked) {
    Lane lane = lanes.take();
    List<Lane> doubts = lanes.takeDoubts(run);
    boolean answered = false;
    try {
      String[] arguments = arguments(epoch, lane, doubts, bodies, marked);
      List<Object> answer =
          connections.call(
              APPEND.name(), () -> connections.run(APPEND, keys.toAppend(), arguments));
      answered = true;
      if (answer.get(0).equals("STALE")) {
        throw new StaleEpochException(run, epoch, Long.parseLong((String) answer.get(1)));
      }
    } finally {
      if (answered) {
        lanes.giveBack(lane);
        doubts.forEach(lanes::giveBack);
      } else {
        doubts.forEach(doubt -> lanes.doubt(run, doubt));
        lanes.doubt(run, lane);
      }
    }
  }

  private static String[] arguments(
      long epoch, Lane lane, List<Lane> doubts, List<String> bodies, int marked) {
    List<String> arguments = new ArrayList<>(5 + 2 * doubts.size() + bodies.size());
    arguments.add(String.valueOf(epoch));
    arguments.add(lane.id());
    arguments.add(String.valueOf(lane.number()));
    arguments.add(String.valueOf(marked));
    arguments.add(String.valueOf(doubts.size()));
    for (Lane doubt : doubts) {
      arguments.add(doubt.id());
      arguments.add(String.valueOf(doubt.number()));
    }
    arguments.addAll(bodies);
    return arguments.toArray(String[]::new);
  }

  private CheckpointUnavailableException tooLarge(RunId run, int delta, long append, int count) {
    return new CheckpointUnavailableException(
        "checkpoint store %s, run '%s': a delta of %d bytes in an append of %d bytes or more and %d deltas, expected at most %d, %d and %d. Give the run smaller inputs, or references to them."
            .formatted(
                connections.where(),
                run,
                delta,
                append,
                count,
                MAX_DELTA_BYTES,
                MAX_APPEND_BYTES,
                MAX_APPEND_DELTAS),
        null);
  }
}
