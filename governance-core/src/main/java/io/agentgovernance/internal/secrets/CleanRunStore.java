// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

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
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A run's store that is told no secrets. Thread safe if the store is. */
final class CleanRunStore implements RunStore {
  private final RunStore store;
  private final Cleaner cleaner;

  CleanRunStore(RunStore store, Cleaner cleaner) {
    this.store = store;
    this.cleaner = cleaner;
  }

  @Override
  public <R> Applied<R> apply(Command<R> command) {
    return store.apply(cleaner.value(command));
  }

  @Override
  public Optional<Lease> acquire(String resource, String owner, Duration ttl) {
    return store.acquire(resource, owner, ttl);
  }

  @Override
  public boolean renew(Lease lease) {
    return store.renew(lease);
  }

  @Override
  public void release(Lease lease) {
    store.release(lease);
  }

  @Override
  public boolean holds(String resource, long token) {
    return store.holds(resource, token);
  }

  @Override
  public AutoCloseable follow(Consumer<Change> listener) {
    return store.follow(listener);
  }

  @Override
  public RunTerms terms() {
    return store.terms();
  }

  @Override
  public PipelineStatus status() {
    return store.status();
  }

  @Override
  public boolean stopped() {
    return store.stopped();
  }

  @Override
  public List<AgentState> agents() {
    return store.agents();
  }

  @Override
  public Optional<AgentState> agent(AgentId id) {
    return store.agent(id);
  }

  @Override
  public Optional<BlackboardEntry> entry(String key) {
    return store.entry(key);
  }

  @Override
  public List<BlackboardEntry> entries(String prefix) {
    return store.entries(prefix);
  }

  @Override
  public List<AgentMessage> messages(AgentId recipient, long after, int limit) {
    return store.messages(recipient, after, limit);
  }

  @Override
  public List<Proposal> proposals() {
    return store.proposals();
  }

  @Override
  public Optional<Proposal> accepted() {
    return store.accepted();
  }

  @Override
  public Optional<Payload> solution() {
    return store.solution();
  }

  @Override
  public List<Handoff> handoffs() {
    return store.handoffs();
  }

  @Override
  public List<ApprovalState> approvals() {
    return store.approvals();
  }

  @Override
  public Spend spend() {
    return store.spend();
  }
}
