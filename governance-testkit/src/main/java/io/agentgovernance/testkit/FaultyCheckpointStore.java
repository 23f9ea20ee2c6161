// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.checkpoint.Checkpoint;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.time.TimeSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A checkpoint store that fails when a test says so, around a real one.
 *
 * <pre>{@code
 * var store = new FaultyCheckpointStore(real, time);
 * store.injectOnce(new StoreFault.LostAnswer(), FaultyCheckpointStore.Call.APPEND);
 * store.inject(new StoreFault.Unavailable());   // everything
 * store.heal();
 * store.takeOver(run);                          // as another process would: our epoch is stale
 * }</pre>
 *
 * <p>One fault at a time: injecting another replaces it. What fails throws {@link
 * CheckpointUnavailableException}. Thread safe.
 */
public final class FaultyCheckpointStore implements CheckpointStore {

  /** A kind of call. */
  public enum Call {
    /** {@link CheckpointStore#claim}. */
    CLAIM,
    /** {@link CheckpointStore#append}. */
    APPEND,
    /** {@link CheckpointStore#finish}. */
    FINISH,
    /** All that only reads. */
    READ
  }

  private final CheckpointStore real;
  private final FaultGate<Call> gate;

  /** Wraps a store, healthy at first. The time source is what delays wait by. */
  public FaultyCheckpointStore(CheckpointStore real, TimeSource time) {
    this.real = requireNonNull(real, "real");
    this.gate = new FaultGate<>(time, CheckpointUnavailableException::new);
  }

  /** Injects a fault into every call, of any kind. */
  public void inject(StoreFault fault) {
    gate.inject(fault, call -> true, Integer.MAX_VALUE);
  }

  /** Injects a fault into every call of these kinds. */
  public void inject(StoreFault fault, Call first, Call... more) {
    gate.inject(fault, kinds(first, more)::contains, Integer.MAX_VALUE);
  }

  /** Injects a fault into the next call of one of these kinds. */
  public void injectOnce(StoreFault fault, Call first, Call... more) {
    gate.inject(fault, kinds(first, more)::contains, 1);
  }

  private static Set<Call> kinds(Call first, Call... more) {
    return EnumSet.of(first, more);
  }

  /** Takes the fault away and lets go of what hangs. */
  public void heal() {
    gate.heal();
  }

  /** Lets go of the calls that hang. */
  public void releaseHung() {
    gate.releaseHung();
  }

  /** Returns how many calls hang. */
  public int hung() {
    return gate.hung();
  }

  /** Returns how many calls met a fault so far. */
  public long hits() {
    return gate.hits();
  }

  /** Takes a run over as another process would, past any fault; its epoch is then the new one. */
  public long takeOver(RunId run) {
    while (true) {
      OptionalLong claimed = real.claim(run, real.epoch(run));
      if (claimed.isPresent()) {
        return claimed.getAsLong();
      }
    }
  }

  @Override
  public OptionalLong claim(RunId run, long expected) {
    return gate.pass(Call.CLAIM, "claim", () -> real.claim(run, expected));
  }

  @Override
  public long epoch(RunId run) {
    return gate.pass(Call.READ, "epoch", () -> real.epoch(run));
  }

  @Override
  public void append(RunId run, long epoch, List<Delta> deltas) {
    boolean unused =
        gate.pass(
            Call.APPEND,
            "append",
            () -> {
              real.append(run, epoch, deltas);
              return true;
            });
  }

  @Override
  public List<Delta> read(RunId run, long skip, int limit) {
    return gate.pass(Call.READ, "read", () -> real.read(run, skip, limit));
  }

  @Override
  public Optional<Checkpoint> latest(RunId run) {
    return gate.pass(Call.READ, "latest", () -> real.latest(run));
  }

  @Override
  public void finish(RunId run, long epoch) {
    boolean unused =
        gate.pass(
            Call.FINISH,
            "finish",
            () -> {
              real.finish(run, epoch);
              return true;
            });
  }

  /** Always goes through. */
  @Override
  public void release(RunId run, long epoch) {
    real.release(run, epoch);
  }

  @Override
  public boolean held(RunId run) {
    return gate.pass(Call.READ, "held", () -> real.held(run));
  }

  @Override
  public List<RunId> unfinished(int limit) {
    return gate.pass(Call.READ, "unfinished", () -> real.unfinished(limit));
  }

  @Override
  public Durability durability() {
    return real.durability();
  }

  /** Lets go of what hangs and closes the real store. */
  @Override
  public void close() {
    heal();
    real.close();
  }
}
