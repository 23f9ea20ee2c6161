// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A coordination store that fails when a test says so, around a real one.
 *
 * <pre>{@code
 * var store = new FaultyCoordination(real, time);
 * store.injectOnce(new StoreFault.LostAnswer(), Command.Cast.class);   // the next ballot
 * store.inject(new StoreFault.Unavailable());                          // everything
 * store.heal();
 * }</pre>
 *
 * <p>One fault at a time: injecting another replaces it. What fails throws {@link
 * CoordinationUnavailableException}. Letting go of a run, following changes and closing always go
 * through. Thread safe.
 */
public final class FaultyCoordination implements Coordination {
  private final Coordination real;
  private final FaultGate<Class<?>> gate;

  /** Wraps a store, healthy at first. The time source is what delays wait by. */
  public FaultyCoordination(Coordination real, TimeSource time) {
    this.real = requireNonNull(real, "real");
    this.gate = new FaultGate<>(time, CoordinationUnavailableException::new);
  }

  /** Injects a fault into every call, of any kind. */
  public void inject(StoreFault fault) {
    gate.inject(fault, call -> true, Integer.MAX_VALUE);
  }

  /**
   * Injects a fault into every command of these types.
   *
   * @throws IllegalArgumentException if one is no type of {@link Command}
   */
  public void inject(StoreFault fault, Class<?>... commands) {
    gate.inject(fault, among(commands), Integer.MAX_VALUE);
  }

  /**
   * Injects a fault into the next command of one of these types.
   *
   * @throws IllegalArgumentException if one is no type of {@link Command}
   */
  public void injectOnce(StoreFault fault, Class<?>... commands) {
    gate.inject(fault, among(commands), 1);
  }

  private static Predicate<Class<?>> among(Class<?>[] commands) {
    for (Class<?> command : commands) {
      if (!Command.class.isAssignableFrom(command)) {
        throw new IllegalArgumentException(
            "expected types of Command, such as Command.Write.class, but found "
                + command.getName());
      }
    }
    return Set.of(commands)::contains;
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

  @Override
  public Optional<RunStore> create(RunTerms terms) {
    return gate.pass(RunStore.class, "create", () -> real.create(terms)).map(this::faulty);
  }

  @Override
  public RunStore restore(RunTerms terms, long epoch, List<Change> changes) {
    return faulty(gate.pass(RunStore.class, "restore", () -> real.restore(terms, epoch, changes)));
  }

  @Override
  public Optional<RunStore> attach(RunId run) {
    return gate.pass(RunStore.class, "attach", () -> real.attach(run)).map(this::faulty);
  }

  private RunStore faulty(RunStore store) {
    return new FaultyRunStore(store, gate);
  }

  @Override
  public void release(RunId run) {
    real.release(run);
  }

  @Override
  public Duration leaseTtl() {
    return real.leaseTtl();
  }

  @Override
  public boolean remote() {
    return real.remote();
  }

  /** Lets go of what hangs and closes the real store. */
  @Override
  public void close() {
    heal();
    real.close();
  }
}
