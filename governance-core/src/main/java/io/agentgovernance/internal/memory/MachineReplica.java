// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.RunReplica;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@link RunMachine} of its own, with the rules of the store in memory. Not thread safe. */
public final class MachineReplica implements RunReplica {
  /** The reason with which a command of a stale holder is refused. */
  public static final String STALE_LEASE = RunMachine.STALE_LEASE;

  private final RunMachine machine;
  private @Nullable Fence consulted;

  /** Begins with a run that was just started. */
  public MachineReplica(RunTerms terms) {
    this.machine = new RunMachine(terms, this::trust);
  }

  private MachineReplica(MachineReplica origin) {
    this.machine = new RunMachine(origin.machine, this::trust);
  }

  /** Takes the token for the current one and remembers that it mattered. */
  private boolean trust(String resource, long token) {
    consulted = new Fence(resource, token);
    return true;
  }

  @Override
  public <R> Decision<R> decide(Command<R> command, Instant now) {
    consulted = null;
    Applied<R> applied = machine.apply(command, now);
    return new Decision<>(applied, machine.takeChange(), consulted);
  }

  @Override
  public Change apply(Delta.Changed accepted) {
    return machine.again(accepted.sequence(), accepted.at(), accepted.command());
  }

  @Override
  public RunReplica copy() {
    return new MachineReplica(this);
  }

  @Override
  public long sequence() {
    return machine.sequence();
  }

  @Override
  public RunTerms terms() {
    return machine.terms();
  }

  @Override
  public PipelineStatus status() {
    return machine.status;
  }

  @Override
  public boolean stopped() {
    return machine.over();
  }

  @Override
  public List<AgentState> agents() {
    return machine.agents.values().stream().map(AgentRecord::view).toList();
  }

  @Override
  public Optional<AgentState> agent(AgentId id) {
    return Optional.ofNullable(machine.agents.get(id)).map(AgentRecord::view);
  }

  @Override
  public Optional<BlackboardEntry> entry(String key) {
    return Optional.ofNullable(machine.board.entry(key));
  }

  @Override
  public List<BlackboardEntry> entries(String prefix) {
    return machine.board.entries(prefix);
  }

  @Override
  public List<AgentMessage> messages(AgentId recipient, long after, int limit) {
    return machine.messages.unread(recipient, after, limit);
  }

  @Override
  public List<Proposal> proposals() {
    return machine.proposals.all();
  }

  @Override
  public Optional<Proposal> accepted() {
    return Optional.ofNullable(machine.proposals.accepted());
  }

  @Override
  public Optional<Payload> solution() {
    return Optional.ofNullable(machine.solution);
  }

  @Override
  public List<Handoff> handoffs() {
    return List.copyOf(machine.handoffs.values());
  }

  @Override
  public List<ApprovalState> approvals() {
    return machine.approvals.all();
  }

  @Override
  public Spend spend() {
    return machine.spend.total();
  }
}
