// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.WireName;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the vocabulary with the wire contract, which only ever grows. */
class VocabularyTest {
  private static final Payload GOLDEN = golden();
  private static final Instant TEN = Instant.parse("2026-01-24T10:00:00Z");
  private static final RunId RUN = RunId.of("run-1");

  static Stream<Class<? extends WireName>> enums() {
    return Stream.of(
        AgentPhase.class,
        OutputType.class,
        AgentStatus.class,
        PipelineStatus.class,
        StageType.class,
        StageStatus.class,
        ChaosCondition.class,
        ProcedureViolation.class,
        TrustTier.class,
        Capability.class,
        ErrorBudget.Breach.class);
  }

  @ParameterizedTest
  @MethodSource("enums")
  void wireNamesAreThoseOfTheContract(Class<? extends WireName> type) {
    assertThat(Payload.of(type.getEnumConstants())).isEqualTo(golden("/enums/" + name(type)));
  }

  @ParameterizedTest
  @MethodSource("enums")
  void wireNamesAreReadBack(Class<? extends WireName> type) throws ReflectiveOperationException {
    var fromWire = type.getMethod("fromWire", String.class);
    for (var constant : type.getEnumConstants()) {
      assertThat(fromWire.invoke(null, constant.wireName())).isSameAs(constant);
      assertThat(Payload.of(constant).<WireName>read(cast(type))).isSameAs(constant);
    }
  }

  @ParameterizedTest
  @MethodSource("enums")
  void anUnknownWireNameIsAnsweredWithTheAcceptedOnes(Class<? extends WireName> type)
      throws ReflectiveOperationException {
    var fromWire = type.getMethod("fromWire", String.class);
    var names = Arrays.stream(type.getEnumConstants()).map(WireName::wireName).toList();

    assertThatThrownBy(() -> fromWire.invoke(null, "nonsense"))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'nonsense'")
        .hasMessageContaining(String.join(", ", names));
  }

  @Test
  void aWireNameInOtherLettersIsRefusedWithTheRightOne() {
    assertThatThrownBy(() -> AgentPhase.fromWire("Plan")).hasMessageEndingWith("Write PLAN.");
    assertThatThrownBy(() -> StageType.fromWire("GATE")).hasMessageEndingWith("Write gate.");
  }

  @Test
  void phasesFollowEachOtherInOrder() {
    var order =
        Stream.iterate(AgentPhase.BOOTSTRAP, p -> p != null, p -> p.next().orElse(null)).toList();

    assertThat(order).isEqualTo(PipelineConstants.AGENT_PHASES_ORDERED);
    assertThat(Payload.of(order)).isEqualTo(golden("/agent_phases_ordered"));
    assertThat(AgentPhase.REVOKED.next()).isEmpty();
    assertThat(PipelineConstants.AGENT_PHASE_NAMES).hasSize(9).endsWith("EXIT", "REVOKED");
  }

  @Test
  void everyPhaseButRevokedHasAnOutputType() {
    assertThat(Payload.of(PipelineConstants.PHASE_OUTPUT_TYPES))
        .isEqualTo(golden("/phase_output_types"));
    assertThat(AgentPhase.REVOKED.outputType()).isEmpty();
  }

  @Test
  void terminalValuesAreThoseOfTheContract() {
    assertThat(terminal(AgentPhase.values(), AgentPhase::isTerminal)).isEqualTo(end("AgentPhase"));
    assertThat(terminal(AgentStatus.values(), AgentStatus::isTerminal))
        .isEqualTo(end("AgentStatus"));
    assertThat(terminal(PipelineStatus.values(), PipelineStatus::isTerminal))
        .isEqualTo(end("PipelineStatus"));
    assertThat(terminal(StageStatus.values(), StageStatus::isTerminal))
        .isEqualTo(end("StageStatus"));
  }

  @Test
  void rolesAndTheDefaultErrorBudgetAreThoseOfTheContract() {
    assertThat(Payload.of(List.of(AgentRole.ALPHA, AgentRole.BETA, AgentRole.GAMMA)))
        .isEqualTo(golden("/roles"));
    assertThat(Payload.of(ErrorBudget.DEFAULT)).isEqualTo(golden("/error_budget"));
  }

  @Test
  void keysAreThoseOfTheContract() {
    var keys = RedisKeys.of(TenantId.DEFAULT, RUN);
    Map<String, String> made = new LinkedHashMap<>();
    made.put("agentState", RedisKeys.agentState(AgentId.of("agent-001")));
    made.put("agentLock", RedisKeys.agentLock(AgentId.of("agent-001")));
    made.put("projectAgents", RedisKeys.projectAgents(ProjectId.of("proj-001")));
    Map<String, Function<RedisKeys, String>> parts =
        Map.ofEntries(
            Map.entry("control", RedisKeys::control),
            Map.entry("agents", RedisKeys::agents),
            Map.entry("blackboard", RedisKeys::blackboard),
            Map.entry("blackboardVersions", RedisKeys::blackboardVersions),
            Map.entry("log", RedisKeys::log),
            Map.entry("messages", RedisKeys::messages),
            Map.entry("proposals", RedisKeys::proposals),
            Map.entry("handoffs", RedisKeys::handoffs),
            Map.entry("approvals", RedisKeys::approvals),
            Map.entry("spend", RedisKeys::spend),
            Map.entry("leases", RedisKeys::leases),
            Map.entry("journal", RedisKeys::journal),
            Map.entry("checkpoints", RedisKeys::checkpoints),
            Map.entry("dedupe", RedisKeys::dedupe));
    made.putAll(
        parts.entrySet().stream().collect(toMap(Map.Entry::getKey, e -> e.getValue().apply(keys))));

    assertThat(Payload.of(made)).isEqualTo(golden("/redis_keys"));
  }

  @Test
  void recordsAreWrittenAsTheContractSaysAndReadBack() {
    var output =
        AgentOutput.of(
            RUN,
            RUN.agent(AgentRole.ALPHA),
            AgentPhase.PLAN,
            Payload.of(Map.of("steps", List.of("a"))),
            TEN);
    var plan =
        new ClarifiedPlan(
            RUN.agent(AgentRole.ALPHA),
            Payload.text("first"),
            List.of("then"),
            "half of the budget is spent",
            TEN);
    var stage =
        StageResult.pending("plan")
            .start(TEN)
            .complete(Map.of("draft", Payload.text("text")), TEN.plusSeconds(1));
    var context =
        new PipelineContext(
                TenantId.DEFAULT,
                RUN,
                "example-pipeline",
                "1.0",
                Map.of("environment", Payload.text("staging")),
                Map.of())
            .withResult(StageResult.pending("plan"))
            .withResult(stage);

    assertWritten("/agent_output", output);
    assertWritten("/clarified_plan", plan);
    assertWritten("/stage_result", stage);
    assertWritten("/pipeline_context", context);
  }

  private static void assertWritten(String pointer, Record value) {
    assertThat(Payload.of(value)).isEqualTo(golden(pointer));
    assertThat((Object) golden(pointer).read(value.getClass())).isEqualTo(value);
  }

  private static <E> Payload terminal(E[] values, Predicate<E> isTerminal) {
    return Payload.of(Arrays.stream(values).filter(isTerminal).toList());
  }

  private static Payload end(String type) {
    return golden("/terminal/" + type);
  }

  private static Payload golden(String pointer) {
    return GOLDEN.at(pointer).orElseThrow();
  }

  private static String name(Class<?> type) {
    return type == ErrorBudget.Breach.class ? "ErrorBudget.Breach" : type.getSimpleName();
  }

  @SuppressWarnings("unchecked")
  private static Class<WireName> cast(Class<? extends WireName> type) {
    return (Class<WireName>) type;
  }

  private static Payload golden() {
    try (var file = VocabularyTest.class.getResourceAsStream("/wire/v1/vocabulary.json")) {
      return Payload.json(new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
