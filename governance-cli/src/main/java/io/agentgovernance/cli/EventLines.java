// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.core.RunId;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Says in a few words what an event means; many events mean nothing to a reader. For one thread.
 */
final class EventLines {
  private static final String RUN = "run";
  private static final String MEDIATOR = "GAMMA";
  private static final String AGENT_ID = "agent_id";
  private static final int MOST_ELECTORS = 20;

  /** The phases that say something about the work, each with what it means. */
  private static final Map<String, String> PHASES =
      Map.of("EXECUTE", "works", "VERIFY", "verifies its work");

  private static final Set<String> BAD_ENDS = Set.of("FAILED", "TIMED_OUT", "STOPPED");

  private final Map<String, Integer> proposals = new LinkedHashMap<>();

  /** How a line is to look. */
  enum Tone {
    USUAL,
    MINOR,
    GOOD,
    WARNING,
    BAD
  }

  /**
   * One line.
   *
   * @param who an agent's short name, or {@code run}
   * @param text what happened; safe for a terminal
   * @param tone how it is to look
   */
  record Line(String who, String text, Tone tone) {}

  Optional<Line> of(Event event) {
    Line line =
        switch (event.type()) {
          case EventTypes.ORCHESTRATION_STARTED -> started(event);
          case EventTypes.ORCHESTRATION_RESUMED ->
              new Line(RUN, "resumed, process " + text(event, "epoch"), Tone.WARNING);
          case EventTypes.AGENT_SPAWNED -> spawned(event);
          case EventTypes.GAMMA_SPAWNED -> mediation(event);
          case EventTypes.AGENT_PHASE -> phase(event);
          case EventTypes.AGENT_STATUS -> status(event);
          case EventTypes.AGENT_MESSAGE ->
              line(event, "from", "sends a message to " + receiver(event), Tone.MINOR);
          case EventTypes.PROPOSAL_POSTED -> posted(event);
          case EventTypes.VOTE_CAST -> voted(event);
          case EventTypes.CONSENSUS_REACHED -> consensus(event);
          case EventTypes.SOLUTION_WRITTEN ->
              line(event, AGENT_ID, "writes the solution", Tone.GOOD);
          case EventTypes.ORCHESTRATION_COMPLETE -> complete(event);
          default -> troubleOrPeople(event);
        };
    return Optional.ofNullable(line.equals(NOTHING) ? null : line);
  }

  private static final Line NOTHING = new Line("", "", Tone.MINOR);

  private static Line troubleOrPeople(Event event) {
    return switch (event.type()) {
      case EventTypes.STOP_REQUESTED ->
          new Line(RUN, "stop asked for by " + text(event, "by") + reason(event), Tone.WARNING);
      case EventTypes.ERROR_RECORDED -> error(event);
      case EventTypes.BUDGET_WARNING ->
          line(event, AGENT_ID, "is close to its limit of " + text(event, "kind"), Tone.WARNING);
      case EventTypes.PLAN_CLARIFIED ->
          line(event, AGENT_ID, "clarifies its plan" + reason(event), Tone.WARNING);
      case EventTypes.AGENT_REVOKED ->
          line(event, AGENT_ID, "is REVOKED" + reason(event), Tone.BAD);
      case EventTypes.ACTION_DENIED ->
          line(
              event,
              AGENT_ID,
              "is denied %s by %s (%s)"
                      .formatted(text(event, "action"), text(event, "policy"), text(event, "rule"))
                  + reason(event),
              Tone.BAD);
      case EventTypes.HANDOFF_CREATED -> line(event, "from", "hands off what it has", Tone.WARNING);
      case EventTypes.HANDOFF_CLAIMED ->
          line(event, AGENT_ID, "takes over from " + agent(event, "from"), Tone.WARNING);
      case EventTypes.HANDOFF_UNCLAIMED ->
          line(event, "from", "leaves work that nobody takes over", Tone.WARNING);
      case EventTypes.CIRCUIT_STATE ->
          new Line(
              RUN,
              "circuit breaker of %s: %s"
                  .formatted(text(event, "model") + text(event, "store"), text(event, "to")),
              Tone.WARNING);
      case EventTypes.COMPONENT_HEALTH ->
          new Line(
              RUN,
              "%s: %s".formatted(text(event, "component"), text(event, "to")),
              text(event, "to").equals("HEALTHY") ? Tone.GOOD : Tone.WARNING);
      case EventTypes.GATE_OPENED ->
          line(event, AGENT_ID, "waits for a person: " + text(event, "action"), Tone.WARNING);
      case EventTypes.GATE_DECIDED ->
          line(
              event,
              AGENT_ID,
              "has an answer for %s: %s".formatted(text(event, "action"), text(event, "state")),
              Tone.USUAL);
      default -> NOTHING;
    };
  }

  private static Line started(Event event) {
    return new Line(RUN, "starts with model " + text(event, "model"), Tone.USUAL);
  }

  private static Line spawned(Event event) {
    // A mediator's reason is in the event that follows.
    if (text(event, "role").equals(MEDIATOR)) {
      return NOTHING;
    }
    String before = text(event, "successor_of");
    String succession = before.isEmpty() ? "" : ", in place of " + agent(event, "successor_of");
    return line(event, AGENT_ID, "spawned, tier " + text(event, "tier") + succession, Tone.USUAL);
  }

  private static Line mediation(Event event) {
    String reason = text(event, "reason");
    String meaning =
        switch (reason) {
          case "STUCK" -> ": no progress for too long";
          case "CONFLICT" -> ": too many proposals without a decision";
          case "COMPLEXITY" -> ": the objective is too complex for two";
          default -> "";
        };
    return line(event, AGENT_ID, "mediates because of " + reason + meaning, Tone.WARNING);
  }

  private static Line phase(Event event) {
    String meaning = PHASES.get(text(event, "phase"));
    return meaning == null ? NOTHING : line(event, AGENT_ID, meaning, Tone.MINOR);
  }

  private static Line status(Event event) {
    String to = text(event, "to");
    if (BAD_ENDS.contains(to)) {
      return line(event, AGENT_ID, "ends " + to, Tone.BAD);
    }
    return to.equals("COMPLETED") ? line(event, AGENT_ID, "is done", Tone.USUAL) : NOTHING;
  }

  private static Line error(Event event) {
    String violation = text(event, "violation");
    String total = text(event, "total");
    return violation.isEmpty()
        ? line(event, AGENT_ID, "error " + total + ": " + text(event, "signature"), Tone.WARNING)
        : line(event, AGENT_ID, "violates the procedure: " + violation, Tone.BAD);
  }

  private Line posted(Event event) {
    String electors =
        IntStream.range(0, MOST_ELECTORS)
            .mapToObj(at -> event.data().at("/electorate/" + at))
            .takeWhile(Optional::isPresent)
            .map(id -> agent(event.run(), id.map(Payload::text).orElse("")))
            .collect(Collectors.joining(", "));
    String rest = electors.isEmpty() ? "" : "; votes: " + electors;
    return line(event, "author", "posts proposal " + number(event) + rest, Tone.USUAL);
  }

  private Line voted(Event event) {
    boolean accepts = text(event, "choice").equals("ACCEPT");
    return line(
        event,
        "voter",
        (accepts ? "accepts" : "rejects") + " proposal " + number(event),
        accepts ? Tone.GOOD : Tone.WARNING);
  }

  private Line consensus(Event event) {
    String how =
        text(event, "uncontested").equals("true")
            ? "uncontested"
            : "%s : %s, decided by %s"
                .formatted(
                    at(event, "/votes/accept"),
                    at(event, "/votes/reject"),
                    text(event, "decided_by"));
    return new Line(RUN, "consensus on proposal " + number(event) + " (" + how + ")", Tone.GOOD);
  }

  private static Line complete(Event event) {
    String status = text(event, "status");
    return new Line(RUN, status, status.equals("COMPLETED") ? Tone.GOOD : Tone.BAD);
  }

  private String number(Event event) {
    int number = proposals.computeIfAbsent(text(event, "proposal_id"), id -> proposals.size() + 1);
    return Integer.toString(number);
  }

  private static String receiver(Event event) {
    return text(event, "to").equals("*") ? "all" : agent(event, "to");
  }

  private static String reason(Event event) {
    String reason = text(event, "reason");
    return reason.isEmpty() ? "" : ": " + reason;
  }

  private static Line line(Event event, String field, String text, Tone tone) {
    return new Line(agent(event, field), text, tone);
  }

  private static String agent(Event event, String field) {
    return agent(event.run(), text(event, field));
  }

  /** What of an agent's id its run's id does not say, in upper case: {@code ALPHA}. */
  static String agent(RunId run, String id) {
    if (id.isEmpty()) {
      return RUN;
    }
    String prefix = run.value() + "-";
    String own = id.startsWith(prefix) ? id.substring(prefix.length()) : id;
    return own.toUpperCase(Locale.ROOT);
  }

  private static String text(Event event, String field) {
    return at(event, "/" + field);
  }

  private static String at(Event event, String pointer) {
    return event.data().at(pointer).map(Payload::text).map(Plain::line).orElse("");
  }
}
