// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Blackboard;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.VersionConflictException;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.tool.Effect;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An agent's view of the blackboard. Confined to the agent's thread. */
final class GovernedBlackboard implements Blackboard {
  private final AgentRunner agent;
  private final ActionGate gate;

  GovernedBlackboard(AgentRunner agent, ActionGate gate) {
    this.agent = agent;
    this.gate = gate;
  }

  @Override
  public Optional<BlackboardEntry> get(String key) {
    return gate.recorded(
        "get",
        Payload.text(key),
        Recorded.<BlackboardEntry>optional(Recorded::entry),
        Recorded.<BlackboardEntry>toOptional(Recorded::entry),
        () -> agent.run().store().entry(key));
  }

  @Override
  public List<BlackboardEntry> entries(String prefix) {
    return gate.recorded(
        "entries",
        Payload.text(prefix),
        Recorded.<BlackboardEntry>listOf(Recorded::entry),
        Recorded.<BlackboardEntry>toListOf(Recorded::entry),
        () -> agent.run().store().entries(prefix));
  }

  @Override
  public BlackboardEntry put(String key, Object value) {
    return put(key, value, Command.Write.ANY);
  }

  @Override
  public BlackboardEntry put(String key, Object value, long expectedVersion) {
    requireNonNull(key, "key");
    Payload payload = value instanceof Payload given ? given : Payload.of(value);
    return gate.recorded(
        "put",
        Payload.of(Map.of("key", key, "value", payload, "version", expectedVersion)),
        Recorded::entry,
        Recorded::entry,
        () -> write(key, payload, expectedVersion));
  }

  private BlackboardEntry write(String key, Payload value, long expectedVersion) {
    ActionGate.Passed passed =
        gate.pass(gate.action(Action.WRITE, key, value, Effect.IDEMPOTENT, TrustTier.T1));
    gate.internal(passed, LedgerTypes.WRITE);
    Applied<BlackboardEntry> applied =
        agent.apply(
            new Command.Write(
                agent.id(),
                agent.fence(),
                agent.nextId(),
                key,
                passed.action().input(),
                expectedVersion));
    if (applied.accepted()) {
      return applied.orThrow();
    }
    if (applied.reason().startsWith("VERSION:")) {
      String[] parts = applied.reason().split(":", 3);
      throw new VersionConflictException(
          key, expectedVersion, Long.parseLong(parts[1]), parts.length > 2 ? parts[2] : "");
    }
    throw new RefusedException(
        "writing the blackboard key '" + key + "'",
        applied.reason(),
        "Keep keys short, values small, and delete nothing you need: see the limits of Blackboard.");
  }
}
