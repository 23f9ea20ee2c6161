// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.StaleEpochException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Remembers runs for the life of this JVM: unfinished ones, and the last {@value #RETAINED} that
 * ended. Thread safe; nothing blocks. One lock guards the index, each run's own lock its deltas.
 */
public final class MemoryCheckpointStore implements CheckpointStore {
  /** How many ended runs are kept. */
  public static final int RETAINED = 64;

  /** The most deltas of one run. */
  static final int MAX_DELTAS = 500_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<RunId, Log> runs = new LinkedHashMap<>();
  private final Deque<RunId> ended = new ArrayDeque<>();

  /** The deltas of one run. Guarded by its own monitor-free lock. */
  private static final class Log {
    final ReentrantLock lock = new ReentrantLock();
    final List<Delta> deltas = new ArrayList<>(8);
    long epoch = 1;
    boolean finished;
    boolean held = true;
    @Nullable Checkpoint latest;
  }

  @Override
  public OptionalLong claim(RunId run, long expected) {
    lock.lock();
    try {
      Log log = runs.get(run);
      if (log == null) {
        if (expected != 0) {
          return OptionalLong.empty();
        }
        runs.put(run, new Log());
        return OptionalLong.of(1);
      }
      log.lock.lock();
      try {
        if (log.epoch != expected) {
          return OptionalLong.empty();
        }
        log.held = !log.finished;
        return OptionalLong.of(++log.epoch);
      } finally {
        log.lock.unlock();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long epoch(RunId run) {
    Log log = find(run);
    return log == null ? 0 : log.epoch;
  }

  private @Nullable Log find(RunId run) {
    lock.lock();
    try {
      return runs.get(run);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void append(RunId run, long epoch, List<Delta> deltas) {
    Log log = find(run);
    if (log == null) {
      throw new StaleEpochException(run, epoch, 0);
    }
    List<Delta> added = List.copyOf(deltas); // all or none: a null among them adds nothing
    log.lock.lock();
    try {
      if (log.epoch != epoch) {
        throw new StaleEpochException(run, epoch, log.epoch);
      }
      if (log.deltas.size() + added.size() > MAX_DELTAS) {
        throw new CheckpointUnavailableException(
            "run '" + run + "': more than " + MAX_DELTAS + " deltas in memory; use a durable store",
            null);
      }
      log.deltas.addAll(added);
      for (Delta delta : added) {
        if (delta instanceof Delta.Marked marked) {
          log.latest = marked.checkpoint();
        }
      }
    } finally {
      log.lock.unlock();
    }
  }

  @Override
  public List<Delta> read(RunId run, long skip, int limit) {
    Log log = find(run);
    if (log == null) {
      return List.of();
    }
    log.lock.lock();
    try {
      int from = (int) Math.min(Math.max(0, skip), log.deltas.size());
      int to = (int) Math.min((long) from + Math.max(0, limit), log.deltas.size());
      return List.copyOf(log.deltas.subList(from, to));
    } finally {
      log.lock.unlock();
    }
  }

  @Override
  public Optional<Checkpoint> latest(RunId run) {
    Log log = find(run);
    if (log == null) {
      return Optional.empty();
    }
    log.lock.lock();
    try {
      return Optional.ofNullable(log.latest);
    } finally {
      log.lock.unlock();
    }
  }

  @Override
  public void finish(RunId run, long epoch) {
    lock.lock();
    try {
      Log log = runs.get(run);
      if (log == null || log.finished) {
        return;
      }
      if (log.epoch != epoch) {
        throw new StaleEpochException(run, epoch, log.epoch);
      }
      log.finished = true;
      log.held = false;
      ended.addLast(run);
      while (ended.size() > RETAINED) {
        runs.remove(ended.removeFirst());
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release(RunId run, long epoch) {
    lock.lock();
    try {
      Log log = runs.get(run);
      if (log != null && log.epoch == epoch) {
        log.held = false;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean held(RunId run) {
    lock.lock();
    try {
      Log log = runs.get(run);
      return log != null && log.held;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<RunId> unfinished(int limit) {
    lock.lock();
    try {
      return runs.entrySet().stream()
          .filter(e -> !e.getValue().finished)
          .map(Map.Entry::getKey)
          .limit(Math.max(0, limit))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Durability durability() {
    return Durability.MEMORY;
  }

  @Override
  public void close() {
    // holds nothing but memory, and a second orchestrator of the same process may still read it
  }
}
