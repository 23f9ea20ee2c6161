// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.ForwardingRunStore;
import io.agentgovernance.spi.RunStore;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A coordination store through which one write of one agent is on its way for long: it reaches the
 * store when something is in the list {@code go}, whatever happened to the process meanwhile. How
 * it was answered is added to the list {@code late}. Thread safe.
 */
final class LateWrite implements Coordination {
  /** Which write of the agent it is. */
  static final int WHICH = 4;

  private final Coordination real;
  private final String agent;
  private final RedisCommands<String, String> counts;
  private final RedisCommands<String, String> gate;
  private final AtomicInteger writes = new AtomicInteger();

  /**
   * @param gate a connection of its own, which waits
   */
  LateWrite(
      Coordination real,
      String agent,
      RedisCommands<String, String> counts,
      RedisCommands<String, String> gate) {
    this.real = real;
    this.agent = agent;
    this.counts = counts;
    this.gate = gate;
  }

  @Override
  public Optional<RunStore> create(RunTerms terms) {
    return real.create(terms).map(Late::new);
  }

  @Override
  public RunStore restore(RunTerms terms, long epoch, List<Change> changes) {
    return new Late(real.restore(terms, epoch, changes));
  }

  @Override
  public Optional<RunStore> attach(RunId run) {
    return real.attach(run).map(Late::new);
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

  @Override
  public void close() {
    real.close();
  }

  private final class Late extends ForwardingRunStore {
    Late(RunStore real) {
      super(real);
    }

    @Override
    public <R> Applied<R> apply(Command<R> command) {
      boolean late =
          command instanceof Command.Write write
              && write.agent().value().equals(agent)
              && writes.incrementAndGet() == WHICH;
      // It goes out although whoever sent it may have been interrupted since.
      return late
          ? CompletableFuture.supplyAsync(() -> later(command)).join()
          : super.apply(command);
    }

    private <R> Applied<R> later(Command<R> command) {
      System.out.println("WRITING");
      Object unused = gate.blpop(0, "go");
      Applied<R> answer = super.apply(command);
      Long length = counts.rpush("late", answer.status() + " " + answer.reason());
      System.out.println("WROTE " + length);
      return answer;
    }
  }
}
