// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import io.agentgovernance.approval.ApprovalDecision;
import io.agentgovernance.budget.Money;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes any value of any record that deltas are made of, from a seed. */
final class AnyValue {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "plain",
          "quoted \"\\/ and \b\f\n\r\t\u0000\u001f",
          "Zürich → 東京 🐂 \u2028",
          "half a pair \ud83d and the other \udc02",
          "{\"type\":\"stop\"}",
          "null");

  private static final List<String> JSONS =
      List.of(
          "null",
          "true",
          "\"\"",
          "\"a text\"",
          "{}",
          "[]",
          "0",
          "-9223372036854775808",
          "123456789012345678901234567890.000000000000000000000000012345",
          "1e-300",
          "{\"z\":[1,2.5,{\"ü\":null}],\"type\":\"stop\",\"v\":9}",
          "{\"a\\u0000b\":\"" + "x".repeat(3_000) + "\"}",
          "[".repeat(200) + "]".repeat(200));

  private final Random random;

  AnyValue(Random random) {
    this.random = random;
  }

  /** The records below a sealed type. */
  static Stream<Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(AnyValue::records).distinct()
        : Stream.of(type);
  }

  <T> T of(Class<T> type) {
    return type.cast(value(type));
  }

  /** A change by a command of a type. */
  Delta.Changed changed(Class<?> command) {
    return new Delta.Changed(random.nextLong(), instant(), (Command<?>) value(command));
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == Command.class
          ? value(oneOf(records(Command.class).toList()))
          : items(generic);
    }
    return value((Class<?>) type);
  }

  private Object items(ParameterizedType generic) {
    var items = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      items.add(value(generic.getActualTypeArguments()[0]));
    }
    return generic.getRawType() == Set.class ? Set.copyOf(items) : items;
  }

  private Object value(Class<?> type) {
    if (type.isEnum()) {
      return oneOf(Arrays.asList(type.getEnumConstants()));
    }
    return switch (type.getSimpleName()) {
      case "String" -> oneOf(TEXTS) + (random.nextBoolean() ? random.nextInt() : "");
      case "long" -> oneOf(List.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, random.nextLong()));
      case "int" -> oneOf(List.of(0, Integer.MAX_VALUE, Integer.MIN_VALUE, random.nextInt()));
      case "BigDecimal" -> decimal();
      case "Instant" -> instant();
      case "Duration" -> Duration.ofSeconds(random.nextLong(), random.nextInt(1_000_000_000));
      case "Payload" -> payload();
      case "Digest" -> Digest.sha256(Long.toString(random.nextLong()));
      case "RunId" -> RunId.random();
      case "AgentId" -> AgentId.of("a" + random.nextInt(1_000_000));
      case "TenantId" -> TenantId.of("t" + random.nextInt(1_000_000));
      case "AgentRole" -> AgentRole.of(random.nextBoolean() ? "ALPHA" : "own-Role_1");
      case "ErrorBudget" -> new ErrorBudget(count(), count(), count());
      case "SpendBudget" ->
          new SpendBudget(Money.usd(decimal().abs()), random.nextLong(Long.MAX_VALUE));
      case "ApprovalDecision" ->
          new ApprovalDecision(
              (ApprovalDecision.Choice) value(ApprovalDecision.Choice.class),
              "person " + random.nextInt(),
              (Digest) value(Digest.class),
              (String) value(String.class));
      case "AgentOutput" -> output();
      default -> record(type);
    };
  }

  private int count() {
    return 1 + random.nextInt(Integer.MAX_VALUE);
  }

  private BigDecimal decimal() {
    return oneOf(
        List.of(
            BigDecimal.ZERO,
            new BigDecimal("2.50"),
            new BigDecimal("1E+3"),
            new BigDecimal(new BigInteger(200, random), random.nextInt(400) - 200)));
  }

  private Instant instant() {
    return oneOf(
        List.of(
            Instant.EPOCH,
            Instant.MAX,
            Instant.MIN,
            Instant.parse("2026-01-24T10:15:30.000000001Z"),
            Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000))));
  }

  private Payload payload() {
    return switch (random.nextInt(4)) {
      case 0 -> Payload.of(decimal());
      case 1 -> Payload.text("a text " + random.nextInt());
      default -> Payload.json(oneOf(JSONS));
    };
  }

  private AgentOutput output() {
    var phases = Stream.of(AgentPhase.values()).filter(p -> p.outputType().isPresent()).toList();
    return AgentOutput.of(
        RunId.random(), AgentId.of("r-alpha"), oneOf(phases), payload(), instant());
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    var values = new @Nullable Object[components.length];
    var types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      boolean absent = mayBeAbsent(components[i]) && random.nextBoolean();
      values[i] = absent ? null : value(components[i].getGenericType());
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a " + type, e);
    }
  }

  static boolean mayBeAbsent(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** Another value of a JSON tree's kind, for what must not be read. */
  static List<@Nullable Object> otherKinds(@Nullable Object value) {
    var kinds = new ArrayList<@Nullable Object>(List.of(true, List.of(1L), Map.of()));
    kinds.add(value instanceof String ? 1L : "x");
    kinds.removeIf(other -> kind(other).equals(kind(value)));
    return kinds;
  }

  private static Class<?> kind(@Nullable Object value) {
    return value instanceof Map ? Map.class : value instanceof List ? List.class : kindOf(value);
  }

  private static Class<?> kindOf(@Nullable Object value) {
    return value == null ? Void.class : value.getClass();
  }
}
