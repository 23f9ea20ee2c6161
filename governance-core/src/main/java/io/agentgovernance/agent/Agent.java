// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.TrustTier;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The definition of an agent: its role, what it does, and what it may do. Immutable; each method
 * returns a changed copy. Every run makes its own instance from it.
 *
 * <pre>{@code
 * Agent analyst = Agent.of("analyst", Risk.class, ctx -> {
 *       var exposure = ctx.tools().call("exposure", ctx.input("customer", CustomerId.class), Exposure.class);
 *       return ctx.model().ask(Prompt.user("Score the risk").data("exposure", exposure)).read(Risk.class);
 *     }).version("3").tier(TrustTier.T1).tools("exposure");
 * }</pre>
 */
public final class Agent {
  /** The tier of an agent that names none: it plans and proposes. */
  public static final TrustTier DEFAULT_TIER = TrustTier.T1;

  private final AgentRole role;
  private final Class<?> output;
  private final Map<AgentPhase, AgentBody<?>> bodies;
  private final String version;
  private final TrustTier tier;
  private final Set<String> tools;
  private final ErrorBudget errorBudget;

  private Agent(
      AgentRole role,
      Class<?> output,
      Map<AgentPhase, AgentBody<?>> bodies,
      String version,
      TrustTier tier,
      Set<String> tools,
      ErrorBudget errorBudget) {
    this.role = role;
    this.output = output;
    this.bodies = bodies;
    this.version = version;
    this.tier = tier;
    this.tools = tools;
    this.errorBudget = errorBudget;
  }

  /**
   * An agent whose EXECUTE phase is {@code body}.
   *
   * @param role its role, unique in its team
   * @param output the type of its output, and the shape asked of models unless a prompt names
   *     another
   */
  public static <T> Agent of(String role, Class<T> output, AgentBody<? extends T> body) {
    requireNonNull(output, "output");
    requireNonNull(body, "body");
    EnumMap<AgentPhase, AgentBody<?>> bodies = new EnumMap<>(AgentPhase.class);
    bodies.put(AgentPhase.EXECUTE, body);
    return new Agent(
        new AgentRole(role),
        output,
        Collections.unmodifiableMap(bodies),
        "1",
        DEFAULT_TIER,
        Set.of(),
        ErrorBudget.DEFAULT);
  }

  /** An agent whose output is text. */
  public static Agent of(String role, AgentBody<String> body) {
    return of(role, String.class, body);
  }

  /** Sets the version of the code; a resumed run must find the same one. If unset, {@code 1}. */
  public Agent version(String version) {
    if (version.isBlank()) {
      throw new BadInputException(
          "agent '" + role.name() + "'",
          "a blank version",
          "a version such as 3",
          "Name the version of the code.");
    }
    return new Agent(role, output, bodies, version, tier, tools, errorBudget);
  }

  /** Sets the trust tier. If unset, T1. */
  public Agent tier(TrustTier tier) {
    return new Agent(
        role, output, bodies, version, requireNonNull(tier, "tier"), tools, errorBudget);
  }

  /** Grants tools by name, in addition to those granted before. An agent has no other. */
  public Agent tools(String... names) {
    Set<String> granted = new LinkedHashSet<>(tools);
    granted.addAll(List.of(names));
    return new Agent(
        role, output, bodies, version, tier, Collections.unmodifiableSet(granted), errorBudget);
  }

  /** Sets how many errors it may make. If unset, 8 in all, 2 repeats of one, 1 violation. */
  public Agent errorBudget(ErrorBudget budget) {
    return new Agent(role, output, bodies, version, tier, tools, requireNonNull(budget, "budget"));
  }

  /** Replaces what it does in a phase; the other phases have defaults that call no model. */
  public Agent on(AgentPhase phase, AgentBody<?> body) {
    requireNonNull(phase, "phase");
    requireNonNull(body, "body");
    if (phase.isTerminal() && phase != AgentPhase.EXIT) {
      throw new BadInputException(
          "agent '" + role.name() + "'",
          "a body for " + phase,
          "a phase from BOOTSTRAP to EXIT",
          "A revoked agent runs nothing; react to its handoff instead.");
    }
    EnumMap<AgentPhase, AgentBody<?>> changed = new EnumMap<>(bodies);
    changed.put(phase, body);
    return new Agent(
        role, output, Collections.unmodifiableMap(changed), version, tier, tools, errorBudget);
  }

  /** Its role. */
  public AgentRole role() {
    return role;
  }

  /** The type of its output. */
  public Class<?> output() {
    return output;
  }

  /** What it does in a phase, if that was set. */
  public Optional<AgentBody<?>> body(AgentPhase phase) {
    return Optional.ofNullable(bodies.get(phase));
  }

  /** The version of its code. */
  public String version() {
    return version;
  }

  /** Its trust tier. */
  public TrustTier tier() {
    return tier;
  }

  /** The tools it may call. */
  public Set<String> tools() {
    return tools;
  }

  /** How many errors it may make. */
  public ErrorBudget errorBudget() {
    return errorBudget;
  }

  @Override
  public String toString() {
    return "Agent[" + role.name() + " " + version + " " + tier + "]";
  }
}
