// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeltaJsonTest {
  private static final RunId RUN = RunId.of("run-1");
  private static final int TIMES = 200;

  static Stream<Class<?>> deltas() {
    return AnyValue.records(Delta.class);
  }

  static Stream<Class<?>> commands() {
    return AnyValue.records(Command.class);
  }

  private static Delta read(String json) {
    return DeltaJson.read(RUN, 17, json);
  }

  @Test
  void everyKindIsListed() {
    assertThat(DeltaJson.TABLE.types()).containsExactlyInAnyOrderElementsOf(deltas().toList());
    assertThat(StoredCommands.TABLE.types())
        .containsExactlyInAnyOrderElementsOf(commands().toList())
        .hasSizeGreaterThan(25);
  }

  @ParameterizedTest
  @MethodSource("deltas")
  void everyDeltaIsReadAsItWasWritten(Class<?> type) {
    long seed = System.nanoTime();
    var any = new AnyValue(new Random(seed));
    for (int i = 0; i < TIMES; i++) {
      Delta delta = (Delta) any.of(type);

      String json = DeltaJson.write(delta);

      assertThat(read(json)).as("seed %d", seed).isEqualTo(delta);
      assertThat(DeltaJson.write(read(json))).as("seed %d", seed).isEqualTo(json);
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandIsReadAsItWasWritten(Class<?> type) {
    long seed = System.nanoTime();
    var any = new AnyValue(new Random(seed));
    for (int i = 0; i < TIMES; i++) {
      Delta.Changed delta = any.changed(type);

      String json = DeltaJson.write(delta);
      String command = DeltaJson.command(delta.command());
      var changed = new StringBuilder();
      DeltaJson.appendChanged(changed, delta.sequence(), delta.at().toString(), command);

      assertThat(read(json)).as("seed %d", seed).isEqualTo(delta);
      assertThat(DeltaJson.write(read(json))).as("seed %d", seed).isEqualTo(json);
      assertThat(changed.toString()).isEqualTo(json);
    }
  }

  /** Negative control of the two above: each field is there because it is needed. */
  @ParameterizedTest
  @MethodSource("commands")
  void aFieldThatLacksOrIsOfAnotherKindIsFound(Class<?> type) throws Exception {
    long seed = System.nanoTime();
    var any = new AnyValue(new Random(seed));
    for (int i = 0; i < 20; i++) {
      Delta delta = any.changed(type);
      var command = object(delta);
      for (var field : List.copyOf(command.entrySet())) {
        for (Object other : AnyValue.otherKinds(field.getValue())) {
          if (isPayload(field.getKey())) {
            continue;
          }
          var damaged = new LinkedHashMap<>(command);
          damaged.put(field.getKey(), other);
          assertUnreadable(damaged, field.getKey(), seed);
        }
        var damaged = new LinkedHashMap<>(command);
        damaged.remove(field.getKey());
        if (!mayLack(type, field.getKey())) {
          assertUnreadable(damaged, field.getKey(), seed);
        } else {
          assertThat(read(json(damaged))).as("seed %d", seed).isNotEqualTo(delta);
        }
      }
    }
  }

  private static boolean isPayload(String field) {
    return List.of("detail", "data", "value", "content", "solution").contains(field);
  }

  private static boolean mayLack(Class<?> type, String field) {
    return (type == Command.Spawn.class && List.of("reason", "successor_of").contains(field))
        || (type == Command.Note.class && field.equals("agent"))
        || (type == Command.RecordError.class && field.equals("violation"))
        || (type == Command.Send.class && field.equals("to"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(Delta delta) throws Exception {
    var tree = (Map<String, Object>) JsonTree.read(DeltaJson.write(delta));
    return (Map<String, Object>) tree.get("command");
  }

  private static String json(Map<String, Object> command) {
    return "{\"v\":1,\"type\":\"changed\",\"sequence\":1,\"at\":\"1970-01-01T00:00:00Z\",\"command\":"
        + text(command)
        + "}";
  }

  /** Writes a tree as it is; a payload would refuse some of it. */
  private static String text(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(e -> text(e.getKey()) + ":" + text(e.getValue()))
          .collect(joining(",", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream().map(DeltaJsonTest::text).collect(joining(",", "[", "]"));
    }
    if (value instanceof String text) {
      String object = JsonOut.object(out -> out.text("t", text));
      return object.substring("{\"t\":".length(), object.length() - 1);
    }
    return String.valueOf(value);
  }

  private static void assertUnreadable(Map<String, Object> command, String field, long seed) {
    var unreadable =
        catchThrowableOfType(CheckpointUnreadableException.class, () -> read(json(command)));

    assertThat(unreadable).as("%s of %s, seed %d", field, command, seed).isNotNull();
    assertThat(unreadable.where()).startsWith("run 'run-1', delta 17, command." + field);
  }

  @Test
  void fieldsThatAreNotKnownArePassedOver() {
    assertThat(
            read(
                "{\"v\":1,\"later\":[{}],\"type\":\"changed\",\"sequence\":1,\"at\":\"1970-01-01T00:00:00Z\","
                    + "\"command\":{\"type\":\"stop\",\"by\":\"b\",\"reason\":\"r\",\"new\":null}}"))
        .isEqualTo(new Delta.Changed(1, Instant.EPOCH, new Command.Stop("b", "r")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'elapsed','active':'PT1S'}|v|nothing",
        "{'v':2,'type':'elapsed','active':'PT1S'}|v|2",
        "{'v':1,'type':'teleported'}|type|'teleported'",
        "{'v':1,'type':'java.lang.Runtime','active':'PT1S'}|type|'java.lang.Runtime'",
        "{'v':1,'type':'elapsed','active':'soon, my password is x'}|active|a text of 22 characters",
        "{'v':1,'type':'elapsed','active':7}|active|7",
        "{'v':1,'type':'changed','sequence':1.5,'at':'1970-01-01T00:00:00Z'}|sequence|a number",
        "{'v':1,'type':'changed','sequence':1,'at':'1970-01-01T00:00:00Z','command':[]}|command|an array",
        "{'v':1,'type':'changed','sequence':1,'at':'1970-01-01T00:00:00Z','command':{'type':'launch'}}|command.type|'launch'",
        "[]|``|an array",
        "{'v':1,'v':1}|``|a text of 13 characters that is not JSON",
        "{'v':1|``|a text of 6 characters that is not JSON",
      })
  void whatCannotBeReadIsToldWithItsPlace(String json, String field, String found) {
    String text = json.replace('\'', '"');

    var unreadable = catchThrowableOfType(CheckpointUnreadableException.class, () -> read(text));

    assertThat(unreadable.where())
        .isEqualTo("run 'run-1', delta 17" + (field.isEmpty() ? "" : ", " + field));
    assertThat(unreadable.found()).isEqualTo(found);
    assertThat(unreadable.expected()).isNotBlank();
    assertThat(unreadable.retryable()).isFalse();
    assertThat(unreadable)
        .hasMessageStartingWith("run 'run-1', delta 17")
        .message()
        .doesNotContain("password");
  }

  @Test
  void aChangedOutputIsFoundByItsDigest() {
    var any = new AnyValue(new Random(1));
    String json = DeltaJson.write(any.changed(Command.FinishPhase.class));
    String changed = json.replaceFirst("\"digest\":\"[0-9a-f]{4}", "\"digest\":\"ffff");

    assertThatCode(() -> read(json)).doesNotThrowAnyException();
    assertThatThrownBy(() -> read(changed))
        .isInstanceOf(CheckpointUnreadableException.class)
        .hasMessageContaining("content with digest");
  }
}
