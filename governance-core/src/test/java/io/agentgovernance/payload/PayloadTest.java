// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.StageType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
  record Customer(String id, @Nullable String name, Optional<Integer> age) {}

  record Everything(
      Customer customer,
      List<StageType> stages,
      Map<AgentRole, Long> counts,
      Set<String> tags,
      Instant at,
      Duration within,
      BigDecimal amount,
      BigInteger big,
      double share,
      boolean open,
      Payload free) {}

  private static final Everything EVERYTHING =
      new Everything(
          new Customer("c-1", null, Optional.of(41)),
          List.of(StageType.GATE, StageType.AGENT),
          Map.of(AgentRole.ALPHA, 3L),
          Set.of("x"),
          Instant.parse("2026-01-24T10:00:00.5Z"),
          Duration.ofSeconds(90),
          new BigDecimal("12345678901234.567"),
          new BigInteger("123456789012345678901234567890"),
          0.1,
          true,
          Payload.json("{\"b\":[null,1]}"));

  @Test
  void recordsComeBackAsTheyWere() {
    var payload = Payload.of(EVERYTHING);

    assertThat(Payload.json(payload.json())).isEqualTo(payload);
    assertThat(Payload.json(payload.json()).read(Everything.class)).isEqualTo(EVERYTHING);
  }

  @Test
  void canonicalJsonSortsKeysAndLeavesAbsentComponentsOut() {
    assertThat(Payload.of(EVERYTHING).json())
        .isEqualTo(
            "{\"amount\":12345678901234.567,\"at\":\"2026-01-24T10:00:00.500Z\","
                + "\"big\":1.2345678901234567890123456789e+29,\"counts\":{\"ALPHA\":3},"
                + "\"customer\":{\"age\":41,\"id\":\"c-1\"},\"free\":{\"b\":[null,1]},"
                + "\"open\":true,\"share\":0.1,\"stages\":[\"gate\",\"agent\"],\"tags\":[\"x\"],"
                + "\"within\":\"PT1M30S\"}");
  }

  @Test
  void keysAreInUtf16OrderAndTextsAreEscapedAsRfc8785Says() {
    var json =
        "{\"\\u20ac\":\"Euro\",\"\\r\":\"CR\",\"\\ufb33\":\"Dalet\",\"1\":\"One\","
            + "\"\\ud83d\\ude00\":\"Grin\",\"\\u0080\":\"Control\",\"\\u00f6\":\"O\","
            + "\"text\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"}";

    assertThat(Payload.json(json).json())
        .isEqualTo(
            "{\"\\r\":\"CR\",\"1\":\"One\",\"text\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\","
                + "\"\u0080\":\"Control\",\"ö\":\"O\",\"€\":\"Euro\",\"\ud83d\ude00\":\"Grin\","
                + "\"\ufb33\":\"Dalet\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "-0.0, 0",
    "1E30, 1e+30",
    "4.50, 4.5",
    "2e-3, 0.002",
    "0.000000000000000000000000001, 1e-27",
    "1e20, 100000000000000000000",
    "1e21, 1e+21",
    "123456789012345678901, 123456789012345678901",
    "0.000001, 0.000001",
    "0.0000001, 1e-7",
    "9007199254740993, 9007199254740993",
    "-1.5e-9, -1.5e-9",
    "100.0, 100",
    "333333333.33333329, 333333333.33333329",
    "9223372036854775808, 9223372036854775808",
    "-9223372036854775808, -9223372036854775808"
  })
  void numbersHaveOneForm(String given, String canonical) {
    assertThat(Payload.json(given).json()).isEqualTo(canonical);
    assertThat(Payload.json(canonical)).isEqualTo(Payload.json(given));
  }

  @ParameterizedTest
  @CsvSource({
    "0x1p-44, 5.684341886080802e-14",
    "0x0.0000000000001p-1022, 5e-324",
    "0x1.fffffffffffffp1023, 1.7976931348623157e+308",
    "0x1.0p-1022, 2.2250738585072014e-308",
    "2.0E23, 2e+23",
    "0.1, 0.1",
    "1.0E-7, 1e-7"
  })
  void doublesAreWrittenByTheirShortestDigits(String hex, String written) {
    assertThat(Payload.of(Double.parseDouble(hex)).json()).isEqualTo(written);
  }

  @Test
  void everyDoubleComesBack() {
    var random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Payload.json(Payload.of(value).json()).read(Double.class))
            .isEqualTo(value == 0 ? 0.0 : value);
      }
    }
  }

  @Test
  void aTextIsAJsonString() {
    assertThat(Payload.text("a \"b\"").json()).isEqualTo("\"a \\\"b\\\"\"");
    assertThat(Payload.text("a \"b\"").text()).isEqualTo("a \"b\"");
    assertThat(Payload.json("\"x\"")).isEqualTo(Payload.text("x")).isEqualTo(Payload.of("x"));
    assertThat(Payload.json("\"x\"").isText()).isTrue();
    assertThat(Payload.of(1).isText()).isFalse();
    assertThat(Payload.of(Map.of("b", 1, "a", 2)).text()).isEqualTo("{\"a\":2,\"b\":1}");
  }

  @Test
  void theEmptyPayloadIsNullOnTheWireAndNothingToAReader() {
    assertThat(Payload.empty().json()).isEqualTo("null");
    assertThat(Payload.empty().text()).isEmpty();
    assertThat(Payload.of(null)).isEqualTo(Payload.empty()).isEqualTo(Payload.json(" null "));
  }

  @Test
  void laterChangesOfTheGivenValueDoNotShow() {
    var list = new ArrayList<>(List.of("a"));
    var payload = Payload.of(Map.of("list", list));

    list.add("b");

    assertThat(payload.json()).isEqualTo("{\"list\":[\"a\"]}");
    assertThatThrownBy(() -> payload.read(Map.class).clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void pointersFindParts() {
    var payload = Payload.json("{\"a\":[{\"b/c\":1,\"~\":null}],\"\":2}");

    assertThat(payload.at("/a/0/b~1c")).contains(Payload.of(1));
    assertThat(payload.at("/a/0/~0")).contains(Payload.empty());
    assertThat(payload.at("/")).contains(Payload.of(2));
    assertThat(payload.at("")).contains(payload);
    assertThat(payload.at("/a/1")).isEmpty();
    assertThat(payload.at("/a/00")).isEmpty();
    assertThat(payload.at("/a/-")).isEmpty();
    assertThat(payload.at("/a/b")).isEmpty();
    assertThat(payload.at("/x")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ö", "€", "\ud83d\ude00", "aö€\ud83d\ude00\n"})
  void bytesAreCountedInUtf8(String text) {
    var payload = Payload.text(text);

    assertThat(payload.bytes()).isEqualTo(payload.json().getBytes(StandardCharsets.UTF_8).length);
  }

  @Test
  void theDigestIsThatOfCanonicalJson() {
    assertThat(Payload.json("{ \"b\":1.0, \"a\":2 }").digest())
        .isEqualTo(Digest.sha256("{\"a\":2,\"b\":1}"))
        .isEqualTo(Payload.of(Map.of("a", 2, "b", 1L)).digest());
    assertThat(Digest.sha256("").hex()).startsWith("e3b0c44298fc1c149afb");
  }

  @Test
  void equalValuesAreEqualPayloads() {
    assertThat(Payload.of(Map.of("a", 1)))
        .isEqualTo(Payload.json("{\"a\":1.00}"))
        .hasSameHashCodeAs(Payload.json("{\"a\":1.00}"))
        .isNotEqualTo(Payload.json("{\"a\":\"1\"}"));
  }

  @Test
  void toStringShowsNoContent() {
    assertThat(Payload.text("s3cr3t")).hasToString(shown("a text, 8 bytes", "\"s3cr3t\""));
    assertThat(Payload.json("[1]")).hasToString(shown("an array, 3 bytes", "[1]"));
  }

  private static String shown(String start, String json) {
    return "Payload[" + start + ", sha256 " + Digest.sha256(json).prefix() + "]";
  }

  @Test
  void unknownPropertiesAreIgnored() {
    assertThat(Payload.json("{\"id\":\"x\",\"more\":[1]}").read(Customer.class))
        .isEqualTo(new Customer("x", null, Optional.empty()));
  }

  @Test
  void explicitNullsOfOptionalComponentsAreAbsent() {
    assertThat(Payload.json("{\"id\":\"x\",\"name\":null,\"age\":null}").read(Customer.class))
        .isEqualTo(new Customer("x", null, Optional.empty()));
  }

  @Test
  void agentOutputsComeBackAndAChangedOneIsRefused() {
    var run = RunId.random();
    var output =
        AgentOutput.of(
            run,
            run.agent(AgentRole.ALPHA),
            AgentPhase.PLAN,
            Payload.text("a plan"),
            Instant.EPOCH);
    var json = Payload.of(output).json();

    assertThat(Payload.json(json).read(AgentOutput.class)).isEqualTo(output);
    assertThatThrownBy(() -> Payload.json(json.replace("a plan", "b plan")).read(AgentOutput.class))
        .isInstanceOf(UnreadablePayloadException.class)
        .hasRootCauseMessage(
            "output of agent "
                + run
                + "-alpha in phase PLAN: found content with digest "
                + Payload.text("b plan").digest().prefix()
                + ", expected content with digest "
                + output.digest().prefix()
                + ". The stored output was changed; do not use it.");
  }

  @Test
  void primitivesAreReadToo() {
    assertThat(Payload.of(3).read(int.class)).isEqualTo(3);
    assertThat(Payload.of("x").read(Object.class)).isEqualTo("x");
    assertThat(Payload.json("[1,\"a\"]").read(Object.class)).isEqualTo(List.of(1L, "a"));
    assertThat(Payload.of(1).read(Payload.class)).isEqualTo(Payload.of(1));
  }
}
