// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static io.agentgovernance.internal.events.Changes.ALPHA;
import static io.agentgovernance.internal.events.Changes.GAMMA;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.ProcedureViolation;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden files: what is sent today can be read tomorrow. They are only ever added. */
class WireEventsTest {
  private static final Path FOLDER = Path.of("src/test/resources/wire/v1/events");

  /** The same run each time; every type occurs, and the golden file holds its first occurrence. */
  private static final Map<String, Event> EVENTS = events();

  static List<String> types() {
    return EventTypes.ALL.stream().sorted().toList();
  }

  @ParameterizedTest
  @MethodSource("types")
  void eachTypeIsWrittenAsItsGoldenFile(String type) throws IOException {
    assertThat(EVENTS.get(type).json()).isEqualTo(golden(type));
  }

  @ParameterizedTest
  @MethodSource("types")
  void eachGoldenFileIsReadBackAsWritten(String type) throws IOException {
    Event event = Event.parse(golden(type));

    assertThat(event).isEqualTo(EVENTS.get(type));
    assertThat(event.json()).isEqualTo(golden(type));
  }

  @ParameterizedTest
  @MethodSource("types")
  void eachHasSequenceInstantAndPipelineId(String type) throws IOException {
    Payload json = Payload.json(golden(type));

    assertThat(json.at("/sequence").map(p -> p.read(Long.class)))
        .hasValueSatisfying(sequence -> assertThat(sequence).isPositive());
    assertThat(json.at("/at")).contains(Payload.text("2026-01-24T10:15:30Z"));
    assertThat(json.at("/pipeline_id")).contains(Payload.text("r1"));
    assertThat(json.at("/data/pipeline_id")).contains(Payload.text("r1"));
    assertThat(golden(type)).startsWith("{\"type\":\"" + type + "\",\"sequence\":");
  }

  @ParameterizedTest
  @MethodSource("types")
  void fieldsOfALaterVersionAreReadOver(String type) throws IOException {
    String later =
        golden(type)
            .replaceFirst("\\{", "{\"schema\":2,")
            .replaceFirst("\"data\":\\{", "\"data\":{\"added_later\":[1],");

    Event event = Event.parse(later);

    assertThat(event.data().at("/added_later")).isPresent();
    assertThat(event.type()).isEqualTo(type);
  }

  @Test
  void thereIsOneGoldenFileForEachType() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              EventTypes.ALL.stream().map(type -> type + ".json").toList());
    }
  }

  private static String golden(String type) throws IOException {
    return Files.readString(FOLDER.resolve(type + ".json"), UTF_8).strip();
  }

  private static Map<String, Event> events() {
    var log = new EventLog(Changes.RUN, TimeSource.system(), Runnable::run);
    changes().forEach(log::append);
    var later = new EventLog(Changes.RUN, TimeSource.system(), Runnable::run);
    addedLater().forEach(later::append);
    return Stream.of(log, later)
        .flatMap(each -> each.events().stream())
        .collect(toMap(Event::type, event -> event, (a, b) -> a));
  }

  private static Stream<Change> changes() {
    return Stream.of(
        note(
            EventTypes.ORCHESTRATION_STARTED,
            "{\"model\":\"local:\",\"agents\":[\"ALPHA\",\"BETA\"],\"objective_digest\":\"d2\"}"),
        Changes.spawn(ALPHA, AgentRole.ALPHA, null),
        Changes.spawn(GAMMA, AgentRole.GAMMA, MediationReason.CONFLICT),
        Changes.enter(AgentPhase.BOOTSTRAP),
        Changes.agentStatus(AgentStatus.PENDING, AgentStatus.RUNNING),
        Changes.progress(ALPHA, Changes.AT, 120),
        Changes.settle(ALPHA, 900, 120, "0.00123"),
        Changes.finish(AgentPhase.BOOTSTRAP),
        Changes.write(),
        Changes.send(null),
        Changes.error(
            ProcedureViolation.PHASE_JUMP,
            ErrorTally.Consequence.WARN,
            ErrorTally.Consequence.REVOKE),
        Changes.claim(),
        Changes.giveUp(),
        Changes.clarify(),
        Changes.propose(),
        Changes.cast(Proposal.State.ACCEPTED),
        Changes.solve(),
        Changes.requestApproval(),
        Changes.decideApproval(),
        note(
            EventTypes.APPROVAL_REQUESTED, "{\"approval_id\":\"a1\",\"action\":\"stage:release\"}"),
        note(
            EventTypes.APPROVAL_DECIDED,
            "{\"approval_id\":\"a1\",\"action\":\"stage:release\",\"state\":\"DENIED\","
                + "\"by\":\"ada\"}"),
        note(
            EventTypes.ACTION_DENIED,
            "{\"agent_id\":\"r1-alpha\",\"action\":\"tool:transfer\",\"policy\":\"limits@1\","
                + "\"rule\":\"tier\",\"reason\":\"needs T3, has T1\"}"),
        note(EventTypes.CIRCUIT_STATE, "{\"model\":\"m1\",\"from\":\"CLOSED\",\"to\":\"OPEN\"}"),
        note(EventTypes.ORCHESTRATION_RESUMED, "{\"epoch\":2}"),
        Changes.of(new Command.Stop("ada", "enough"), PipelineStatus.ORCHESTRATING),
        Changes.end());
  }

  /** In a log of its own, so that the golden files that were there stay as they are. */
  private static Stream<Change> addedLater() {
    return Stream.of(
        note(
            EventTypes.COMPONENT_HEALTH,
            "{\"component\":\"MODELS\",\"from\":\"DEGRADED\",\"to\":\"UNHEALTHY\","
                + "\"failure\":\"\"}"));
  }

  private static Change note(String type, String data) {
    return Changes.note(type, Payload.json(data));
  }
}
