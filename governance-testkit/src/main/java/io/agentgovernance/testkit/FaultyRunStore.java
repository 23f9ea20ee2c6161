// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

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
import java.util.function.Supplier;

/** The state of one run behind the gate of a {@link FaultyCoordination}. Thread safe. */
final class FaultyRunStore implements RunStore {
  private final RunStore real;
  private final FaultGate<Class<?>> gate;

  FaultyRunStore(RunStore real, FaultGate<Class<?>> gate) {
    this.real = real;
    this.gate = gate;
  }

  @Override
  public <R> Applied<R> apply(Command<R> command) {
    return gate.pass(
        command.getClass(), command.getClass().getSimpleName(), () -> real.apply(command));
  }

  private <T> T lease(String what, Supplier<T> call) {
    return gate.pass(Lease.class, what, call);
  }

  private <T> T read(Supplier<T> call) {
    return gate.pass(RunStore.class, "a read", call);
  }

  @Override
  public Optional<Lease> acquire(String resource, String owner, Duration ttl) {
    return lease("acquire", () -> real.acquire(resource, owner, ttl));
  }

  @Override
  public boolean renew(Lease lease) {
    return lease("renew", () -> real.renew(lease));
  }

  @Override
  public void release(Lease lease) {
    boolean unused =
        lease(
            "release",
            () -> {
              real.release(lease);
              return true;
            });
  }

  @Override
  public boolean holds(String resource, long token) {
    return lease("holds", () -> real.holds(resource, token));
  }

  @Override
  public RunTerms terms() {
    return real.terms();
  }

  @Override
  public long sequence() {
    return real.sequence();
  }

  @Override
  public AutoCloseable follow(Consumer<Change> listener) {
    return real.follow(listener);
  }

  @Override
  public PipelineStatus status() {
    return read(real::status);
  }

  @Override
  public boolean stopped() {
    return read(real::stopped);
  }

  @Override
  public List<AgentState> agents() {
    return read(real::agents);
  }

  @Override
  public Optional<AgentState> agent(AgentId id) {
    return read(() -> real.agent(id));
  }

  @Override
  public Optional<BlackboardEntry> entry(String key) {
    return read(() -> real.entry(key));
  }

  @Override
  public List<BlackboardEntry> entries(String prefix) {
    return read(() -> real.entries(prefix));
  }

  @Override
  public List<AgentMessage> messages(AgentId recipient, long after, int limit) {
    return read(() -> real.messages(recipient, after, limit));
  }

  @Override
  public List<Proposal> proposals() {
    return read(real::proposals);
  }

  @Override
  public Optional<Proposal> accepted() {
    return read(real::accepted);
  }

  @Override
  public Optional<Payload> solution() {
    return read(real::solution);
  }

  @Override
  public List<Handoff> handoffs() {
    return read(real::handoffs);
  }

  @Override
  public List<ApprovalState> approvals() {
    return read(real::approvals);
  }

  @Override
  public Spend spend() {
    return read(real::spend);
  }
}
