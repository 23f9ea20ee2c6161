// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The exchange of one attempt. Thread safe; nothing blocks but what hooks and consumer do. */
public final class AttemptExchange implements Exchange {
  /** How many abort hooks a model may register. */
  public static final int MAX_HOOKS = 64;

  private static final Log log = Log.of(AttemptExchange.class);

  /**
   * For whom a model is called. Immutable.
   *
   * @param turn which model call of the agent in this phase it is, beginning with 1
   */
  public record Caller(RunId run, AgentId agent, AgentRole role, AgentPhase phase, int turn) {
    public Caller {
      requireNonNull(run, "run");
      requireNonNull(agent, "agent");
      requireNonNull(role, "role");
      requireNonNull(phase, "phase");
    }
  }

  private final Caller caller;
  private final String idempotencyKey;
  private final TimeSource time;
  private final long start;
  private final Duration timeout;
  private final Consumer<String> deltas;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> hooks = new ArrayList<>(2); // guarded by the lock
  private volatile boolean aborted; // written under the lock
  private volatile @Nullable String replyId;

  /**
   * Makes an exchange whose time begins now.
   *
   * @param timeout how long the attempt may take
   * @param deltas takes the pieces of the reply's text, on the model's threads; what it throws is
   *     logged
   */
  public AttemptExchange(
      Caller caller,
      String idempotencyKey,
      TimeSource time,
      Duration timeout,
      Consumer<String> deltas) {
    this.caller = requireNonNull(caller, "caller");
    this.idempotencyKey = requireNonNull(idempotencyKey, "idempotencyKey");
    this.time = requireNonNull(time, "time");
    this.timeout = requireNonNull(timeout, "timeout");
    this.deltas = requireNonNull(deltas, "deltas");
    this.start = time.ticks();
  }

  /** Ends the attempt early: runs the hooks, once, on this thread. Further calls do nothing. */
  public void abort() {
    beginAbort().forEach(AttemptExchange::run);
  }

  /** Ends the attempt early; the caller has to run the hooks returned, and gets each only once. */
  public List<Runnable> beginAbort() {
    lock.lock();
    try {
      aborted = true;
      List<Runnable> due = List.copyOf(hooks);
      hooks.clear();
      return due;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void delta(String text) {
    requireNonNull(text, "text");
    if (aborted) {
      return;
    }
    try {
      deltas.accept(text);
    } catch (RuntimeException e) {
      log.warn("a consumer of reply text failed: {}; the call goes on", Thrown.where(e));
    }
  }

  @Override
  public void replyStarted(String id) {
    replyId = requireNonNull(id, "id");
  }

  /** Returns the provider's id of the reply, as far as it is known. */
  public @Nullable String replyId() {
    return replyId;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException if there are {@value #MAX_HOOKS} already
   */
  @Override
  public void onAbort(Runnable hook) {
    requireNonNull(hook, "hook");
    lock.lock();
    try {
      if (!aborted) {
        if (hooks.size() == MAX_HOOKS) {
          throw new IllegalStateException(
              "more than " + MAX_HOOKS + " abort hooks in one model call; register one per call");
        }
        hooks.add(hook);
        return;
      }
    } finally {
      lock.unlock();
    }
    run(hook);
  }

  private static void run(Runnable hook) {
    try {
      hook.run();
    } catch (RuntimeException | Error e) {
      log.warn("abort hook {} failed: {}", hook.getClass().getName(), Thrown.where(e));
      if (e instanceof VirtualMachineError fatal) {
        throw fatal;
      }
    }
  }

  @Override
  public boolean aborted() {
    return aborted;
  }

  @Override
  public Duration remaining() {
    Duration left = timeout.minusNanos(time.ticks() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public TimeSource time() {
    return time;
  }

  @Override
  public String idempotencyKey() {
    return idempotencyKey;
  }

  @Override
  public RunId run() {
    return caller.run();
  }

  @Override
  public AgentId agent() {
    return caller.agent();
  }

  @Override
  public AgentRole role() {
    return caller.role();
  }

  @Override
  public AgentPhase phase() {
    return caller.phase();
  }

  @Override
  public int turn() {
    return caller.turn();
  }
}
