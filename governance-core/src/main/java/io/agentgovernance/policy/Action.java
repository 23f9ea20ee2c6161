// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.policy;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.tool.Effect;
import java.util.Map;

/**
 * Something an agent wants to do to the world: what policies decide about. Immutable.
 *
 * <p>The set of kinds is open; the library itself uses {@link #MODEL}, {@link #TOOL}, {@link
 * #WRITE}, {@link #MESSAGE}, {@link #PROPOSAL} and {@link #BALLOT}. A policy should deny kinds it
 * does not know.
 *
 * @param kind what kind of action it is
 * @param target what it acts on: a model, a tool, a blackboard key, a recipient, a proposal
 * @param input its exact input
 * @param effect what it does to the world
 * @param required the least tier it needs
 * @param tier the tier the agent has
 * @param tenant whose run it is
 * @param run the run
 * @param agent the agent
 * @param role the agent's role
 * @param phase the phase the agent is in
 */
public record Action(
    String kind,
    String target,
    Payload input,
    Effect effect,
    TrustTier required,
    TrustTier tier,
    TenantId tenant,
    RunId run,
    AgentId agent,
    AgentRole role,
    AgentPhase phase) {

  /** A call of a language model. */
  public static final String MODEL = "model";

  /** A call of a tool. */
  public static final String TOOL = "tool";

  /** A write to the blackboard. */
  public static final String WRITE = "write";

  /** A message to other agents. */
  public static final String MESSAGE = "message";

  /** A proposal. */
  public static final String PROPOSAL = "proposal";

  /** A vote, or a mediator's decision. */
  public static final String BALLOT = "ballot";

  public Action {
    requireNonNull(kind, "kind");
    requireNonNull(target, "target");
    requireNonNull(input, "input");
    requireNonNull(effect, "effect");
    requireNonNull(required, "required");
    requireNonNull(tier, "tier");
    requireNonNull(tenant, "tenant");
    requireNonNull(run, "run");
    requireNonNull(agent, "agent");
    requireNonNull(role, "role");
    requireNonNull(phase, "phase");
  }

  /** Kind and target, as in {@code tool:transfer}. */
  public String name() {
    return kind + ":" + target;
  }

  /** The same action with another input. */
  public Action withInput(Payload rewritten) {
    return new Action(
        kind, target, rewritten, effect, required, tier, tenant, run, agent, role, phase);
  }

  /** The digest of agent, kind, target and input: what an approval is bound to. */
  public Digest digest() {
    return Payload.of(
            Map.of(
                "agent",
                agent.value(),
                "kind",
                kind,
                "target",
                target,
                "input",
                input.digest().hex()))
        .digest();
  }

  /** Shows kind, target and agent, never the input. */
  @Override
  public String toString() {
    return "Action[" + name() + " by " + agent + "]";
  }
}
