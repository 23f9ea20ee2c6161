// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {
  private static final Instant AT = Instant.parse("2026-01-24T10:15:30.120Z");
  private static final RunId RUN = RunId.of("r1");

  @Test
  void isOneLineOfJsonWithItsFieldsInOrder() {
    Event event = event("acme.note", Payload.of(Map.of("text", "a \"b\"\n", "agent_id", "r1-a")));

    assertThat(event.json())
        .isEqualTo(
            "{\"type\":\"acme.note\",\"sequence\":7,\"at\":\"2026-01-24T10:15:30.120Z\","
                + "\"pipeline_id\":\"r1\",\"data\":{\"pipeline_id\":\"r1\","
                + "\"agent_id\":\"r1-a\",\"text\":\"a \\\"b\\\"\\n\"}}");
    assertThat(Event.parse(event.json())).isEqualTo(event);
  }

  @Test
  void hasAnObjectForDataEvenWithoutAny() {
    Event event = event("ping", Payload.empty());

    assertThat(event.json()).endsWith("\"data\":{\"pipeline_id\":\"r1\"}}");
    assertThat(event.data()).isEqualTo(Payload.json("{}"));
    assertThat(Event.parse(event.json())).isEqualTo(event);
  }

  @Test
  void theRunIsNotPartOfTheData() {
    Event event = event("ping", Payload.json("{\"pipeline_id\":\"other\",\"a\":null}"));

    assertThat(event.data()).isEqualTo(Payload.json("{\"a\":null}"));
    assertThat(event.json()).endsWith("\"data\":{\"pipeline_id\":\"r1\",\"a\":null}}");
  }

  @Test
  void readsOverFieldsItDoesNotKnow() {
    Event event =
        Event.parse(
            "{\"new\":1,\"data\":{\"more\":[]},\"pipeline_id\":\"r1\",\"sequence\":1,"
                + "\"at\":\"2026-01-24T10:15:30Z\",\"type\":\"later.type\"}");

    assertThat(event.type()).isEqualTo("later.type");
    assertThat(event.data()).isEqualTo(Payload.json("{\"more\":[]}"));
  }

  @Test
  void absentDataIsEmpty() {
    Event event =
        Event.parse(
            "{\"type\":\"t\",\"sequence\":1,\"at\":\"2026-01-24T10:15:30Z\",\"pipeline_id\":\"r1\"}");

    assertThat(event.data()).isEqualTo(Payload.json("{}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"type", "sequence", "at", "pipeline_id"})
  void namesTheFieldThatIsMissing(String field) {
    String json = event("t", Payload.empty()).json();
    String without = json.replaceFirst("\"" + field + "\":(\"[^\"]*\"|\\d+)", "\"x\":1");

    assertThatThrownBy(() -> Event.parse(without))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("event." + field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "\"text\"",
        "{\"type\":\"t\",\"sequence\":0,\"at\":\"2026-01-24T10:15:30Z\",\"pipeline_id\":\"r1\"}",
        "{\"type\":\"t\",\"sequence\":1.5,\"at\":\"2026-01-24T10:15:30Z\",\"pipeline_id\":\"r1\"}",
        "{\"type\":\"t\",\"sequence\":1,\"at\":\"yesterday\",\"pipeline_id\":\"r1\"}",
        "{\"type\":\"t\",\"sequence\":1,\"at\":\"2026-01-24T10:15:30Z\",\"pipeline_id\":\"R 1\"}",
        "{\"type\":\"\",\"sequence\":1,\"at\":\"2026-01-24T10:15:30Z\",\"pipeline_id\":\"r1\"}",
        "{\"type\":\"t\",\"sequence\":1,\"at\":\"2026-01-24T10:15:30Z\",\"pipeline_id\":\"r1\","
            + "\"data\":7}"
      })
  void refusesWhatIsNoEvent(String json) {
    assertThatThrownBy(() -> Event.parse(json)).isInstanceOf(BadInputException.class);
  }

  @Test
  void aTypeNeedsNoEscaping() {
    assertThatThrownBy(() -> event("a\"b", Payload.empty())).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> event("x".repeat(65), Payload.empty()))
        .isInstanceOf(BadInputException.class);
    assertThat(EventTypes.ALL).allMatch(EventTypes::isWellFormed);
  }

  @Test
  void onlyTheCompletionIsTerminal() {
    assertThat(EventTypes.ALL)
        .filteredOn(type -> event(type, Payload.empty()).terminal())
        .containsExactly("orchestration_complete");
  }

  @Test
  void itsTextFormShowsNoContent() {
    assertThat(event("t", Payload.of(Map.of("key", "secret"))).toString()).doesNotContain("secret");
  }

  private static Event event(String type, Payload data) {
    return new Event(7, AT, RUN, type, data);
  }
}
