// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run was started with: fixed for its life, and what a second process needs to take part.
 *
 * @param tenant whose run it is
 * @param run the run
 * @param objective what it is to reach
 * @param inputs named inputs and documents
 * @param roles the roles of its team
 * @param writer the role that writes the solution of an accepted proposal, if the team's rule is
 *     the quorum
 * @param spend what it may spend
 * @param timeout how much active time it has
 * @param mediation the reasons for which a mediator may be spawned
 * @param definition the digest of the team and its agents' versions
 * @param startedAt when it was started
 */
public record RunTerms(
    TenantId tenant,
    RunId run,
    String objective,
    Payload inputs,
    List<AgentRole> roles,
    @Nullable AgentRole writer,
    SpendBudget spend,
    Duration timeout,
    Set<MediationReason> mediation,
    Digest definition,
    Instant startedAt) {
  public RunTerms {
    requireNonNull(tenant, "tenant");
    requireNonNull(run, "run");
    requireNonNull(objective, "objective");
    requireNonNull(inputs, "inputs");
    roles = List.copyOf(roles);
    requireNonNull(spend, "spend");
    requireNonNull(timeout, "timeout");
    mediation = Set.copyOf(mediation);
    requireNonNull(definition, "definition");
    requireNonNull(startedAt, "startedAt");
  }
}
