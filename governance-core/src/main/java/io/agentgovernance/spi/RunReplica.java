// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.internal.memory.MachineReplica;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a run's state that knows the rules by which commands are decided, for stores that keep
 * the accepted commands in order elsewhere: they decide on a replica, store what was accepted, and
 * feed others from what is stored.
 *
 * <pre>{@code
 * RunReplica working = confirmed.copy();
 * RunReplica.Decision<R> decision = working.decide(command, now);
 * // store decision.change() if it is the next one, and decision.fence() is still the current token
 * Change change = confirmed.apply(new Delta.Changed(sequence, at, command));
 * }</pre>
 *
 * <p>It knows no clock, no leases and no I/O. Not thread safe: call it under one lock.
 */
public interface RunReplica extends RunView {

  /** Returns a replica of a run that was just started. */
  static RunReplica of(RunTerms terms) {
    return new MachineReplica(terms);
  }

  /** Returns the sequence of the latest change; 0 before the first. */
  long sequence();

  /**
   * Decides a command and applies it if it is accepted. The token it carries is taken for the
   * current one, unless it is 0, which is nobody's; whether it is says the lease.
   *
   * @param now the store's time
   */
  <R> Decision<R> decide(Command<R> command, Instant now);

  /**
   * Applies a command that was accepted before; its token is not looked at.
   *
   * @return the change it makes, with what it gave and brought about
   * @throws io.agentgovernance.checkpoint.CheckpointUnreadableException if it cannot have been
   *     accepted here
   */
  Change apply(Delta.Changed accepted);

  /** Returns a replica in the same state; from here each goes its own way. */
  RunReplica copy();

  /**
   * The token without which a decision does not hold.
   *
   * @param resource whose lease it has to be
   * @param token the token that has to be the current one
   */
  record Fence(String resource, long token) {
    /** Checks that the resource is given. */
    public Fence {
      requireNonNull(resource, "resource");
    }
  }

  /**
   * What became of a command, provided that its fence holds.
   *
   * @param applied the answer if the fence holds, or if there is none
   * @param change the change it made, by the command that was decided; absent if it changed nothing
   * @param fence the token that was taken for the current one; absent if none mattered
   * @param <R> the type of the command's result
   */
  record Decision<R>(Applied<R> applied, @Nullable Change change, @Nullable Fence fence) {
    /** Checks that there is an answer. */
    public Decision {
      requireNonNull(applied, "applied");
    }

    /**
     * Whether its change has to be kept although its fence does not hold: the usage of a call
     * counts, whoever made it.
     */
    public boolean countsAnyway() {
      return change != null && change.command() instanceof Command.Settle;
    }

    /** Returns the answer if the fence does not hold. */
    public Applied<R> fenced() {
      return countsAnyway()
          ? new Applied<>(
              Applied.Status.FENCED,
              applied.sequence(),
              applied.result(),
              MachineReplica.STALE_LEASE)
          : Applied.refused(Applied.Status.FENCED, MachineReplica.STALE_LEASE);
    }
  }
}
