// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.core.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers what is appended, so that the server recognises what it was sent twice: whoever appends
 * has a lane for himself meanwhile, and the server remembers the last number of each. Thread safe.
 *
 * <p>An append of which nobody knows whether it was done leaves a doubt, and its lane is used no
 * more until the next append of that run has undone it.
 */
final class AppendLanes {
  /** A lane and its next number. Used by one thread at a time. */
  static final class Lane {
    private final String id;
    private long number;

    private Lane(String id) {
      this.id = id;
    }

    String id() {
      return id;
    }

    long number() {
      return number;
    }
  }

  private final String owner = UUID.randomUUID().toString();
  private final AtomicLong made = new AtomicLong();
  private final Queue<Lane> free = new ConcurrentLinkedQueue<>();
  private final ConcurrentMap<RunId, List<Lane>> doubts = new ConcurrentHashMap<>();

  /** Takes a lane with a number that was not used yet. */
  Lane take() {
    Lane lane = free.poll();
    if (lane == null) {
      lane = new Lane(owner + "/" + made.incrementAndGet());
    }
    lane.number++;
    return lane;
  }

  void giveBack(Lane lane) {
    free.add(lane);
  }

  /** Takes the doubts of a run, to undo them. */
  List<Lane> takeDoubts(RunId run) {
    List<Lane> taken = doubts.remove(run);
    return taken == null ? List.of() : taken;
  }

  void doubt(RunId run, Lane lane) {
    doubts.compute(
        run,
        (key, all) -> {
          List<Lane> with = all == null ? new ArrayList<>(1) : all;
          with.add(lane);
          return with;
        });
  }

  /** The run has ended, or is another's. */
  void forget(RunId run) {
    free.addAll(takeDoubts(run));
  }
}
