// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import java.util.LinkedHashMap;
import java.util.Map;

/** Draws what happened in a run as a Mermaid sequence diagram. */
final class Diagram {
  private static final int MAX_STEPS = 200;

  private final StringBuilder out = new StringBuilder("sequenceDiagram\n");
  private final Map<String, String> names = new LinkedHashMap<>();
  private final OrchestrationResult result;
  private int steps;

  private Diagram(OrchestrationResult result) {
    this.result = result;
  }

  static String of(OrchestrationResult result) {
    return new Diagram(result).draw();
  }

  private String draw() {
    out.append("  participant Run\n");
    for (AgentReport agent : result.agents()) {
      String name =
          agent
              .id()
              .value()
              .substring(result.run().value().length() + 1)
              .toUpperCase(java.util.Locale.ROOT)
              .replace('-', '_');
      names.put(agent.id().value(), name);
      out.append("  participant ").append(name).append('\n');
    }
    for (Event event : result.timeline()) {
      if (steps >= MAX_STEPS) {
        out.append("  Note over Run: … and more\n");
        break;
      }
      step(event);
    }
    return out.toString();
  }

  private void step(Event event) {
    switch (event.type()) {
      case EventTypes.AGENT_SPAWNED -> arrow("Run", agent(event, "agent_id"), "spawn");
      case EventTypes.GAMMA_SPAWNED ->
          note(agent(event, "agent_id"), "because of " + text(event, "reason"));
      case EventTypes.AGENT_MESSAGE -> message(event);
      case EventTypes.PROPOSAL_POSTED -> arrow(agent(event, "author"), "Run", "proposal");
      case EventTypes.VOTE_CAST ->
          arrow(agent(event, "voter"), "Run", "vote " + text(event, "choice"));
      case EventTypes.CONSENSUS_REACHED -> note("Run", "accepted by " + text(event, "decided_by"));
      case EventTypes.SOLUTION_WRITTEN -> arrow(agent(event, "agent_id"), "Run", "solution");
      case EventTypes.AGENT_REVOKED -> note(agent(event, "agent_id"), "revoked");
      case EventTypes.HANDOFF_CLAIMED -> note(agent(event, "agent_id"), "takes over");
      case EventTypes.ACTION_DENIED ->
          note(agent(event, "agent_id"), "denied: " + text(event, "rule"));
      case EventTypes.GATE_OPENED -> arrow(agent(event, "agent_id"), "Run", "asks a person");
      case EventTypes.GATE_DECIDED -> note("Run", "person: " + text(event, "state"));
      case EventTypes.ORCHESTRATION_COMPLETE -> note("Run", text(event, "status"));
      default -> {}
    }
  }

  private void message(Event event) {
    String from = agent(event, "from");
    String to = text(event, "to");
    if (!to.equals("*")) {
      arrow(from, names.getOrDefault(to, "Run"), "message");
      return;
    }
    for (String other : names.values()) {
      if (!other.equals(from) && !other.startsWith("GAMMA")) {
        arrow(from, other, "message");
      }
    }
  }

  private void arrow(String from, String to, String label) {
    steps++;
    out.append("  ")
        .append(from)
        .append("->>")
        .append(to)
        .append(": ")
        .append(clean(label))
        .append('\n');
  }

  private void note(String over, String text) {
    steps++;
    out.append("  Note over ").append(over).append(": ").append(clean(text)).append('\n');
  }

  private String agent(Event event, String field) {
    return names.getOrDefault(text(event, field), "Run");
  }

  private static String text(Event event, String field) {
    return event.data().at("/" + field).map(Payload::text).orElse("");
  }

  /** Mermaid reads semicolons, hashes and line ends as its own. */
  private static String clean(String text) {
    return text.replaceAll("[;#\\r\\n]", " ").strip();
  }
}
