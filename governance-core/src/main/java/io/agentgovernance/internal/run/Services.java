// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.approval.Approvals;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.internal.calls.ModelRouter;
import io.agentgovernance.internal.calls.PolicyChain;
import io.agentgovernance.internal.concurrent.AgentThreads;
import io.agentgovernance.internal.concurrent.ControlThreads;
import io.agentgovernance.internal.events.EventThreads;
import io.agentgovernance.internal.health.HealthBook;
import io.agentgovernance.internal.secrets.Cleaner;
import io.agentgovernance.internal.secrets.CredentialDesk;
import io.agentgovernance.spi.AgentFactory;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.tool.Tool;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all runs of one orchestrator share. Immutable; everything in it is thread safe.
 *
 * @param leases the leases of this process
 * @param health how the parts are doing
 * @param router the model routes; absent if no model is configured
 * @param bus the host's own message bus; absent if messages go through the coordination store
 * @param approver who is told of approvals; absent if approvals are denials
 * @param cleaner takes secrets out of what enters a run and what leaves it
 * @param credentials reads secrets for tools
 */
public record Services(
    TenantId tenant,
    TimeSource time,
    Coordination coordination,
    CheckpointStore checkpoints,
    AuditLedger ledger,
    @Nullable ModelRouter router,
    Map<String, Tool> tools,
    PolicyChain policies,
    @Nullable MessageBus bus,
    AgentThreads threads,
    EventThreads eventThreads,
    ControlThreads control,
    Leases leases,
    HealthBook health,
    AgentFactory successors,
    @Nullable Approver approver,
    Approvals approvals,
    Tuning tuning,
    List<EventListener> listeners,
    Cleaner cleaner,
    CredentialDesk credentials) {
  public Services {
    tools = Map.copyOf(tools);
    listeners = List.copyOf(listeners);
  }
}
