// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** A run on a real server, with the coordinator's lease. */
final class TestRun {
  static final Duration DAY = Duration.ofDays(1);

  final RunStore store;
  final Lease lead;

  TestRun(RunStore store) {
    this.store = store;
    this.lead = store.acquire(Lease.COORDINATOR, "test", DAY).orElseThrow();
  }

  static TestRun in(Coordination coordination) {
    return new TestRun(coordination.create(terms(RunId.random())).orElseThrow());
  }

  static RedisCoordination open(String uri) {
    return open(uri, RedisOptions.DEFAULT);
  }

  static RedisCoordination open(String uri, RedisOptions options) {
    return RedisCoordination.open(
        RedisAddress.parse(uri), options, Optional.empty(), TimeSource.system());
  }

  static RunTerms terms(RunId run) {
    return new RunTerms(
        TenantId.DEFAULT,
        run,
        "an objective",
        Payload.empty(),
        List.of(AgentRole.ALPHA, AgentRole.BETA),
        null,
        SpendBudget.perRun(Money.usd("1000000"), 1_000_000_000L),
        Duration.ofMinutes(2),
        EnumSet.allOf(MediationReason.class),
        Digest.sha256("definition"),
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  RunId id() {
    return store.terms().run();
  }

  RedisKeys keys() {
    return RedisKeys.of(TenantId.DEFAULT, id());
  }

  Agent agent(String role) {
    AgentRole name = AgentRole.of(role);
    AgentId agent = id().agent(name);
    Applied<?> spawned =
        store.apply(
            new Command.Spawn(
                lead.token(), agent, name, TrustTier.T1, "1", ErrorBudget.DEFAULT, null, null));
    if (!spawned.accepted()) {
      throw new AssertionError(spawned);
    }
    return new Agent(agent, store.acquire(agent.value(), "test", DAY).orElseThrow().token());
  }

  /** An agent and the token of its lease. */
  record Agent(AgentId id, long token) {
    Command.Write write(String writeId, String key) {
      return new Command.Write(id, token, writeId, key, Payload.text(writeId), Command.Write.ANY);
    }

    Command.Send send(String messageId) {
      return new Command.Send(id, token, messageId, null, Payload.text(messageId));
    }

    Command.Reserve reserve(String callId) {
      return new Command.Reserve(id, token, callId, 100, BigDecimal.ONE);
    }

    Command.Settle settle(String callId) {
      return new Command.Settle(id, token, callId, 10, 20, new BigDecimal("0.5"));
    }

    Command.Propose propose(String proposalId) {
      return new Command.Propose(id, token, proposalId, Payload.text(proposalId));
    }
  }
}
