// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.ProjectId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.StageResult;
import io.agentgovernance.core.StageStatus;
import io.agentgovernance.core.StageType;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Guarantee 10: bad input says where, what was found, what was expected, and what to do. */
class BadInputTest {
  /** Stands for a secret or the text of a prompt. */
  private static final String SECRET = "s3cr3t-prompt";

  record Loan(String id, int months, List<StageType> stages) {}

  record Node(List<Node> children) {}

  record Checked(int value) {
    Checked {
      if (value < 0) {
        throw new IllegalArgumentException(SECRET);
      }
    }
  }

  record Throwing(int value) {
    @Override
    public int value() {
      throw new IllegalStateException(SECRET);
    }
  }

  private static Arguments bad(String where, String found, ThrowingCallable call) {
    return arguments(where, found, call);
  }

  static Stream<Arguments> ids() {
    return Stream.of(
        bad("run id", "an empty text", () -> RunId.of("")),
        bad("run id", "'Run-1'", () -> RunId.parse("Run-1")),
        bad("run id", "64 characters", () -> RunId.of("r".repeat(64))),
        bad("agent id", "'-a'", () -> AgentId.of("-a")),
        bad("agent id", "'a b'", () -> AgentId.of("a b")),
        bad("agent id", "'a?'", () -> AgentId.of("a\n")),
        bad("agent id", "'a:state'", () -> AgentId.of("a:state")),
        bad("tenant id", "'?'", () -> TenantId.of("ä")),
        bad("tenant id", "'a/b'", () -> TenantId.of("a/b")),
        bad("tenant id", "'{x}'", () -> TenantId.of("{x}")),
        bad("project id", "'_x'", () -> ProjectId.of("_x")),
        bad("project id", "'../x'", () -> ProjectId.of("../x")),
        bad("agent id", "66 characters", () -> RunId.of("r".repeat(60)).agent(AgentRole.ALPHA)),
        bad("agent role", "an empty text", () -> AgentRole.of("")),
        bad("agent role", "'1st'", () -> AgentRole.of("1st")),
        bad("agent role", "'aaaaaaaa", () -> AgentRole.of("a".repeat(33))),
        bad("AgentPhase", "'DANCE'", () -> AgentPhase.fromWire("DANCE")),
        bad("PipelineStatus", "'completed'", () -> PipelineStatus.fromWire("completed")),
        bad("trust tier", "5", () -> TrustTier.ofLevel(5)),
        bad("trust tier", "-1", () -> TrustTier.ofLevel(-1)),
        bad("max_total_errors", "0", () -> new ErrorBudget(0, 2, 1)),
        bad("max_same_error_repeats", "-1", () -> new ErrorBudget(8, -1, 1)),
        bad("max_procedure_violations", "0", () -> new ErrorBudget(8, 2, 0)),
        bad("agent output", "phase REVOKED", BadInputTest::outputOfARevokedAgent),
        bad("end of stage", "RUNNING", () -> stage().end(StageStatus.RUNNING, "", Instant.EPOCH)),
        bad("digest", "3 characters", () -> Digest.parse("abc")),
        bad("digest", "not 0-9 or a-f", () -> Digest.parse("A".repeat(64))));
  }

  static Stream<Arguments> payloads() {
    return Stream.of(
        bad("json:1:1", "nothing", () -> Payload.json("")),
        bad("json:1:1", "nothing", () -> Payload.json(" ")),
        bad("json:1:", "the end of the text", () -> Payload.json("{\"a\":")),
        bad("json:2:", "character with code 125", () -> Payload.json("{\n\"a\":}")),
        bad("json:1:", "not JSON", () -> Payload.json(SECRET)),
        bad("json:1:", "code 39", () -> Payload.json("'a'")),
        bad("json:1:", "second time", () -> Payload.json("{\"a\":1,\"a\":2}")),
        bad("json:1:", "more after the end", () -> Payload.json("{} {}")),
        bad("json:1:", "more after the end", () -> Payload.json("1 2")),
        bad("json:1:", "not finite", () -> Payload.json("NaN")),
        bad("json:1:", "not finite", () -> Payload.json("[-Infinity]")),
        bad("json:1:", "not", () -> Payload.json("01")),
        bad("json:1:", "code 47", () -> Payload.json("[1 /* x */]")),
        bad("json:1:", "code 93", () -> Payload.json("[1,]")),
        bad("json:1:", "surrogate", () -> Payload.json("\"\\ud83d\"")),
        bad("json:1:", "surrogate", () -> Payload.json("{\"\\ude00\":1}")),
        bad("json:1:", "deeper", () -> Payload.json("[".repeat(201) + "]".repeat(201))),
        bad("json:1:", "longer number", () -> Payload.json("1".repeat(1_001))),
        bad("json:1:", "exponent", () -> Payload.json("1e99999999999")),
        bad("json:1:", "code 10", () -> Payload.json("\"" + "\n" + "\"")),
        bad("payload", "surrogate", () -> Payload.text("x\ud83d")),
        bad("payload/a/1", "surrogate", () -> Payload.of(Map.of("a", List.of(1, "\ude00")))),
        bad("payload", "not finite", () -> Payload.of(Double.NaN)),
        bad("payload/0", "not finite", () -> Payload.of(List.of(Float.POSITIVE_INFINITY))),
        bad("payload", "java.lang.Object", () -> Payload.of(new Object())),
        bad("payload/a", "java.lang.Thread", () -> Payload.of(Map.of("a", new Thread()))),
        bad("payload", "a key of type", () -> Payload.of(Map.of(1.5, 1))),
        bad("payload", "contains itself", () -> Payload.of(endless())),
        bad("payload/value", "IllegalStateException", () -> Payload.of(new Throwing(1))),
        bad("JSON pointer", "no slash", () -> Payload.empty().at("a")),
        bad("JSON pointer", "'~'", () -> Payload.empty().at("/a~2")),
        bad("JSON pointer", "'~'", () -> Payload.empty().at("/a~")));
  }

  static Stream<Arguments> reads() {
    var loan = "{\"id\":\"x\",\"months\":1,\"stages\":[\"gate\"]}";
    return Stream.of(
        bad("payload/id", "no value", () -> loan("{}")),
        bad("payload/id", "no value", () -> loan(loan.replace("\"x\"", "null"))),
        bad("payload/id", "a number", () -> loan(loan.replace("\"x\"", "1"))),
        bad("payload/months", "no value", () -> loan("{\"id\":\"x\"}")),
        bad("payload/months", "does not fit", () -> loan(loan.replace(":1", ":1.5"))),
        bad("payload/months", "does not fit", () -> loan(loan.replace(":1", ":3000000000"))),
        bad("payload/months", "a text", () -> loan(loan.replace(":1", ":\"" + SECRET + "\""))),
        bad("payload/stages", "a text", () -> loan(loan.replace("[\"gate\"]", "\"gate\""))),
        bad("payload/stages/0", "", () -> loan(loan.replace("gate", "Gate"))),
        bad("payload", "an array", () -> loan("[]")),
        bad("payload", "no value", () -> Payload.empty().read(String.class)),
        bad("payload", "a number", () -> Payload.of(1).read(boolean.class)),
        bad("payload", "a boolean", () -> Payload.of(true).read(Map.class)),
        bad("payload", "too large", () -> Payload.json("1e400").read(double.class)),
        bad("payload", "another text", () -> Payload.of(SECRET).read(Instant.class)),
        bad("payload", "another text", () -> Payload.of(SECRET).read(UUID.class)),
        bad("payload", "another text", () -> Payload.of("a b").read(URI.class)),
        bad("payload", "another text", () -> Payload.of(SECRET).read(Thread.State.class)),
        bad("payload", "refused", () -> Payload.of(Map.of("value", -1)).read(Checked.class)),
        bad("java.lang.Thread", "no payload", () -> Payload.of("x").read(Thread.class)));
  }

  static Stream<Arguments> schemas() {
    return Stream.of(
        bad("type java.lang.Thread", "without a schema", () -> Schema.of(Thread.class)),
        bad("Node", "contains itself", () -> Schema.of(Node.class)),
        bad("schema", "an array", () -> Schema.parse("[]")),
        bad("schema:1:", "the end of the text", () -> Schema.parse("{")),
        bad("schema/type", "a number", () -> Schema.parse("{\"type\":5}")),
        bad("schema/type", "a text", () -> Schema.parse("{\"type\":\"text\"}")),
        bad("schema/required", "a text", () -> Schema.parse("{\"required\":\"a\"}")),
        bad("schema/properties", "an array", () -> Schema.parse("{\"properties\":[]}")),
        bad("schema/properties/a", "", () -> Schema.parse("{\"properties\":{\"a\":1}}")),
        bad("schema/items/type", "null", () -> Schema.parse("{\"items\":{\"type\":null}}")),
        bad("schema/enum", "an array", () -> Schema.parse("{\"enum\":[]}")),
        bad("schema/minimum", "a text", () -> Schema.parse("{\"minimum\":\"1\"}")),
        bad("schema/minItems", "a number", () -> Schema.parse("{\"minItems\":-1}")),
        bad("schema/anyOf", "an object", () -> Schema.parse("{\"anyOf\":{}}")));
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        env("AUTO_ORCHESTRATE", "yes"),
        env("AUTO_ORCHESTRATE", "1"),
        env("OPENROUTER_MODEL", "two words"),
        env("OPENROUTER_MODEL", "m".repeat(201)),
        env("ORCHESTRATION_TIMEOUT", "0"),
        env("ORCHESTRATION_TIMEOUT", "-5"),
        env("ORCHESTRATION_TIMEOUT", "1.5"),
        env("ORCHESTRATION_TIMEOUT", "2 minutes"),
        env("ORCHESTRATION_TIMEOUT", "PT-2M"),
        env("ORCHESTRATION_TIMEOUT", "31d"),
        env("ORCHESTRATION_TIMEOUT", "721h"),
        env("ORCHESTRATION_TIMEOUT", "999999999999h"),
        env("ORCHESTRATION_TIMEOUT", "99999999999999999999"),
        env("GAMMA_STUCK_THRESHOLD", "never"),
        env("GAMMA_CONFLICT_THRESHOLD", "0"),
        env("GAMMA_CONFLICT_THRESHOLD", "three"),
        env("GAMMA_CONFLICT_THRESHOLD", "1001"),
        env("GAMMA_COMPLEXITY_THRESHOLD", "1.1"),
        env("GAMMA_COMPLEXITY_THRESHOLD", "NaN"),
        env("GAMMA_COMPLEXITY_THRESHOLD", "80%"),
        bad("orchestrationTimeout", "PT0S", () -> timeout(Duration.ZERO)),
        bad("orchestrationTimeout", "PT-1S", () -> timeout(Duration.ofSeconds(-1))),
        bad("openRouterModel", "empty", () -> Settings.builder().openRouterModel("")),
        bad("gammaConflict", "-1", () -> Settings.builder().gammaConflictThreshold(-1)),
        bad("gammaCompl", "NaN", () -> Settings.builder().gammaComplexityThreshold(Double.NaN)));
  }

  @ParameterizedTest(name = "{index} {0}: found {1}")
  @MethodSource({"ids", "payloads", "reads", "schemas", "settings"})
  void badInputIsAnsweredInFourParts(String where, String found, ThrowingCallable call) {
    var problem = catchThrowableOfType(BadInputException.class, call);

    assertThat(problem).isNotNull();
    assertThat(problem.where()).contains(where);
    assertThat(problem.found()).isNotBlank().contains(found);
    assertThat(problem.expected()).isNotBlank();
    assertThat(problem.advice()).isNotBlank().doesNotEndWith(".");
    assertThat(problem)
        .hasMessage(
            "%s: found %s, expected %s. %s.",
            problem.where(), problem.found(), problem.expected(), problem.advice());
    assertThat(problem.getMessage()).doesNotContain(SECRET);
    assertThat(problem.retryable()).isFalse();
  }

  @Test
  void anAdviceThatIsASentenceAlreadyKeepsItsOneFullStop() {
    assertThat(new BadInputException("a", "b", "c", "Ask again."))
        .hasMessage("a: found b, expected c. Ask again.");
    assertThat(new BadInputException("a", "b", "c", "Did you mean d?"))
        .hasMessage("a: found b, expected c. Did you mean d?");
  }

  private static Arguments env(String name, String value) {
    var shown = value.length() > 40 ? value.substring(0, 40) : value;
    return bad(name, shown, () -> Settings.fromEnvironment(Map.of(name, value)));
  }

  private static void timeout(Duration timeout) {
    Settings.builder().orchestrationTimeout(timeout);
  }

  private static void loan(String json) {
    Payload.json(json).read(Loan.class);
  }

  private static StageResult stage() {
    return StageResult.pending("plan");
  }

  private static void outputOfARevokedAgent() {
    AgentOutput.of(
        RunId.of("r"), AgentId.of("a"), AgentPhase.REVOKED, Payload.empty(), Instant.EPOCH);
  }

  private static List<Object> endless() {
    var list = new ArrayList<Object>();
    list.add(list);
    return list;
  }
}
