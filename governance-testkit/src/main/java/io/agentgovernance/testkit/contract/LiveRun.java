// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run in the store under test, with the coordinator's lease. */
final class LiveRun {
  static final Duration TTL = Duration.ofDays(1);
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  static final SpendBudget AMPLE = SpendBudget.perRun(Money.usd("1000000"), 1_000_000_000_000L);

  final RunStore store;
  final RunId id;
  final Lease lead;

  LiveRun(RunStore store) {
    this.store = store;
    this.id = store.terms().run();
    this.lead = store.acquire(Lease.COORDINATOR, "test", TTL).orElseThrow();
  }

  static LiveRun in(Coordination coordination) {
    return in(coordination, AMPLE);
  }

  static LiveRun in(Coordination coordination, SpendBudget budget) {
    return new LiveRun(coordination.create(terms(RunId.random(), budget)).orElseThrow());
  }

  static RunTerms terms(RunId run, SpendBudget budget) {
    return new RunTerms(
        TenantId.DEFAULT,
        run,
        "an objective",
        Payload.empty(),
        List.of(AgentRole.ALPHA, AgentRole.BETA),
        AgentRole.of("writer"),
        budget,
        Duration.ofMinutes(2),
        EnumSet.allOf(MediationReason.class),
        Digest.sha256("definition"),
        START);
  }

  /** Adds a team agent with the default error budget and takes its lease. */
  Actor agent(String role) {
    return added(spawn(role, ErrorBudget.DEFAULT, null, null));
  }

  Actor mediator(String role, MediationReason reason) {
    return added(spawn(role, ErrorBudget.DEFAULT, reason, null));
  }

  Actor successor(String role, Actor of) {
    return added(spawn(role, ErrorBudget.DEFAULT, null, of));
  }

  Actor added(Command.Spawn spawn) {
    assertThat(store.apply(spawn).status()).isEqualTo(Applied.Status.OK);
    return new Actor(this, spawn.agent());
  }

  Command.Spawn spawn(
      String role, ErrorBudget budget, @Nullable MediationReason reason, @Nullable Actor origin) {
    AgentRole name = AgentRole.of(role);
    return new Command.Spawn(
        lead.token(),
        id.agent(name),
        name,
        TrustTier.T1,
        "1",
        budget,
        reason,
        origin == null ? null : origin.id);
  }

  Applied<PipelineStatus> status(PipelineStatus status) {
    return store.apply(new Command.SetStatus(lead.token(), status, Payload.empty()));
  }

  Applied<PipelineStatus> stop() {
    return store.apply(new Command.Stop("an operator", "enough"));
  }

  /** Adds two agents that agree on a proposal, and returns its author. */
  Actor agreeing() {
    Actor author = agent("author");
    Actor voter = agent("voter");
    author.ok(author.propose("agreed"));
    voter.ok(voter.accept("agreed"));
    return author;
  }
}
