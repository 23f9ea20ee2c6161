// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The state of a run that passes every call on to another: the base of one that changes a few.
 *
 * <pre>{@code
 * final class Counted extends ForwardingRunStore {
 *   private final LongAdder writes = new LongAdder();
 *
 *   Counted(RunStore real) {
 *     super(real);
 *   }
 *
 *   @Override
 *   public <R> Applied<R> apply(Command<R> command) {
 *     writes.increment();
 *     return super.apply(command);
 *   }
 * }
 * }</pre>
 *
 * <p>A method that is added to {@link RunStore} is passed on here, too, so a subclass does not
 * answer with its default by mistake. Thread safe if the other is; it adds no waiting of its own.
 */
public abstract class ForwardingRunStore implements RunStore {
  private final RunStore real;

  /** Passes on to this one. */
  protected ForwardingRunStore(RunStore real) {
    this.real = requireNonNull(real, "real");
  }

  @Override
  public RunTerms terms() {
    return real.terms();
  }

  @Override
  public <R> Applied<R> apply(Command<R> command) {
    return real.apply(command);
  }

  @Override
  public Optional<Lease> acquire(String resource, String owner, Duration ttl) {
    return real.acquire(resource, owner, ttl);
  }

  @Override
  public boolean renew(Lease lease) {
    return real.renew(lease);
  }

  @Override
  public void release(Lease lease) {
    real.release(lease);
  }

  @Override
  public boolean holds(String resource, long token) {
    return real.holds(resource, token);
  }

  @Override
  public AutoCloseable follow(Consumer<Change> listener) {
    return real.follow(listener);
  }

  @Override
  public long sequence() {
    return real.sequence();
  }

  @Override
  public void detach() {
    real.detach();
  }

  @Override
  public PipelineStatus status() {
    return real.status();
  }

  @Override
  public boolean stopped() {
    return real.stopped();
  }

  @Override
  public List<AgentState> agents() {
    return real.agents();
  }

  @Override
  public Optional<AgentState> agent(AgentId id) {
    return real.agent(id);
  }

  @Override
  public Optional<BlackboardEntry> entry(String key) {
    return real.entry(key);
  }

  @Override
  public List<BlackboardEntry> entries(String prefix) {
    return real.entries(prefix);
  }

  @Override
  public List<AgentMessage> messages(AgentId recipient, long after, int limit) {
    return real.messages(recipient, after, limit);
  }

  @Override
  public List<Proposal> proposals() {
    return real.proposals();
  }

  @Override
  public Optional<Proposal> accepted() {
    return real.accepted();
  }

  @Override
  public Optional<Payload> solution() {
    return real.solution();
  }

  @Override
  public List<Handoff> handoffs() {
    return real.handoffs();
  }

  @Override
  public List<ApprovalState> approvals() {
    return real.approvals();
  }

  @Override
  public Spend spend() {
    return real.spend();
  }
}
