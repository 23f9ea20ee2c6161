// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.spi.RunReplica;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decisions that are sent together: what they need to hold, what they write, and what people see of
 * it. Confined to the thread that sends.
 */
final class Batch {
  /** A batch that has reached this size takes no more. */
  static final int FULL_AT_CHARACTERS = 512 * 1024;

  /** What is larger is announced without its text. */
  private static final int INLINE_CHARACTERS = 8 * 1024;

  /** What a change has besides its command, or a little more. */
  private static final int CHANGE_CHARACTERS = 128;

  private record Need(String resource, long token, boolean required) {}

  private final Instant now;
  private final String at;
  private final Map<Need, Integer> needs = new LinkedHashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final StringBuilder text;
  private final Set<AgentId> agents = new LinkedHashSet<>();
  private final Map<String, BlackboardEntry> values = new LinkedHashMap<>();
  private boolean statusChanged;

  /**
   * Makes a batch of what is decided at a time.
   *
   * @param now the store's time
   * @param commands what is to be decided
   */
  Batch(Instant now, List<Pending<?>> commands) {
    this.now = now;
    this.at = now.toString();
    long size = 0;
    for (Pending<?> pending : commands) {
      size += pending.text.length() + CHANGE_CHARACTERS;
    }
    this.text = new StringBuilder((int) Math.min(size, FULL_AT_CHARACTERS));
  }

  Instant now() {
    return now;
  }

  /**
   * Adds a decision.
   *
   * @param command the stored form of its command
   * @return the number of its fence, -1 if it needs none
   */
  int add(RunReplica.Decision<?> decision, String command) {
    Change change = decision.change();
    if (change != null) {
      add(change, command);
    }
    RunReplica.Fence fence = decision.fence();
    if (fence == null) {
      return -1;
    }
    Need need = new Need(fence.resource(), fence.token(), !decision.countsAnyway());
    Integer known = needs.putIfAbsent(need, needs.size());
    return known == null ? needs.size() - 1 : known;
  }

  private void add(Change change, String command) {
    if (!changes.isEmpty()) {
      text.append('\n');
    }
    DeltaJson.appendChanged(text, change.sequence(), text(change.at()), command);
    changes.add(change);
    if (change.command() instanceof Command.Spawn
        || change.command() instanceof Command.EnterPhase) {
      agents.add(agentOf(change.command()));
    }
    if (change.result() instanceof BlackboardEntry entry) {
      values.put(entry.key(), entry);
    }
    for (Effect effect : change.effects()) {
      statusChanged |= effect instanceof Effect.StatusChanged;
      if (effect instanceof Effect.AgentChanged changed) {
        agents.add(changed.agent());
      }
    }
  }

  private String text(Instant time) {
    return time.equals(now) ? at : time.toString();
  }

  private static AgentId agentOf(Command<?> command) {
    return command instanceof Command.Spawn spawn
        ? spawn.agent()
        : ((Command.OfAgent<?>) command).agent();
  }

  boolean full() {
    return text.length() >= FULL_AT_CHARACTERS;
  }

  List<Change> changes() {
    return changes;
  }

  /** The agents whose status or phase it changes. */
  Set<AgentId> agents() {
    return agents;
  }

  boolean inline() {
    return text.length() <= INLINE_CHARACTERS;
  }

  /** Adds everything that depends on what is in it, as {@code append.lua} reads it. */
  void arguments(List<String> to, RunReplica after) {
    to.add(statusChanged ? after.status().name() : "");
    to.add(Integer.toString(needs.size()));
    for (Need need : needs.keySet()) {
      to.add(need.resource());
      to.add(Long.toString(need.token()));
      to.add(need.required() ? "1" : "0");
    }
    to.add(Integer.toString(changes.size()));
    to.add(text.toString());
    projections(
        to, agents.stream().flatMap(id -> after.agent(id).stream()).toList(), values.values());
  }

  /** Adds agents and values as scripts read them. */
  static void projections(
      List<String> to, List<AgentState> agents, Collection<BlackboardEntry> values) {
    to.add(Integer.toString(agents.size()));
    for (AgentState agent : agents) {
      to.add(agent.id().value());
      to.add(Projections.text(agent));
    }
    to.add(Integer.toString(values.size()));
    for (BlackboardEntry entry : values) {
      to.add(entry.key());
      to.add(entry.value().json());
    }
    to.add(Integer.toString(values.size()));
    for (BlackboardEntry entry : values) {
      to.add(entry.key());
      to.add(Long.toString(entry.version()));
    }
  }
}
